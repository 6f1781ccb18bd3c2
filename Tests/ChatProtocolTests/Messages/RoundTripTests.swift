import TestSupport
import ChatProtocol
import NIOCore
import Testing

/// Messages written by one end are read by the other through the decoder, byte for byte.
@Suite struct RoundTripTests {
  private static func line(_ buffer: ByteBuffer, allowsTags: Bool, _ random: SeededGenerator) throws -> Line {
    var decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 65_536), allowsTags: allowsTags)
    decoder.append(buffer)
    let result = try decoder.next()?.get()
    let line = try #require(result, "\(random)")
    let more = decoder.next()
    try #require(more == nil, "\(random)")
    try #require(decoder.heldBytes == 0, "\(random)")
    return line
  }

  @Test func `client messages with tags are read as they were written`() throws {
    var random = SeededGenerator()
    for _ in 0..<1500 {
      let message = random.clientMessage()
      let tags = random.tags()
      var buffer = ByteBuffer()
      message.write(into: &buffer, tags: tags)
      let line = try Self.line(buffer, allowsTags: true, random)
      try #require(line.tags == tags, "\(random)")
      let read = try #require(try ClientMessage(reading: line, in: .all), "\(random)")
      try #require(read == message, "\(random)")
      // Compared byte by byte, because names compare equal in any case, and strings in any composition.
      try #require("\(read)".exactly == "\(message)".exactly, "\(random)")
    }
  }

  /// The plain dialect loses only white space.
  @Test func `plain client messages are read as they were written`() throws {
    var random = SeededGenerator()
    for _ in 0..<1500 {
      let message = random.plainClientMessage()
      var buffer = ByteBuffer()
      message.write(into: &buffer)
      let line = try Self.line(buffer, allowsTags: false, random)
      let read = try #require(try ClientMessage(reading: line, in: .presence), "\(random)")
      let expected: ClientMessage =
        switch message {
        case .message(let text): .message(text.collapsed)
        case .direct(let name, let text): .direct(to: name, text: text.trimmed)
        case .away(let text?): .away(text.collapsed)
        default: message
        }
      try #require("\(read)".exactly == "\(expected)".exactly, "\(random)")
    }
  }

  @Test(arguments: [[], .tags, .presence, [.tags, .rooms], [.tags, .history], .all] as [Capabilities])
  func `server messages are read as they were written`(_ dialect: Capabilities) throws {
    var random = SeededGenerator()
    for _ in 0..<1000 {
      let message = random.serverMessage(for: dialect)
      let tags = random.tags()
      var buffer = ByteBuffer()
      message.write(into: &buffer, for: dialect, tags: tags)
      let line = try Self.line(buffer, allowsTags: dialect.contains(.tags), random)
      try #require(line.tags == (dialect.contains(.tags) ? tags : Tags()), "\(random)")
      let read = ServerMessage(reading: line, in: dialect)
      try #require("\(read)".exactly == "\(message)".exactly, "\(random)")
      try #require(read == message, "\(random)")
    }
  }
}
