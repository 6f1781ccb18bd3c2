import ChatProtocol
import NIOCore
import TestSupport
import Testing

/// Messages of several lines in each dialect.
@Suite struct MessageOfLinesTests {
  private static let lines: Capabilities = [.tags, .rooms, .lines]

  private func read(_ text: String, in dialect: Capabilities = lines) throws(RequestError) -> ClientMessage? {
    var decoder = LineDecoder(allowsTags: dialect.contains(.tags))
    decoder.append(ByteBuffer(string: text + "\n"))
    guard case .success(let line)? = decoder.next() else { throw RequestError(.malformedTags) }
    return try ClientMessage(reading: line, in: dialect)
  }

  @Test func `a client's text with the tag is unescaped`() throws {
    #expect(try read("@lines MSG a\\nb\\\\n") == .message("a\nb\\n"))
    #expect(
      try read("@lines;label=1 SAY #room  a\\n\\n  b ") == .say(.room(RoomName(testing: "#room")), text: " a\n\n  b "))
    #expect(try read("@lines=1 DM neha \\n a\\n \\n") == .direct(to: Nickname(testing: "neha"), text: " a"))
  }

  @Test func `without the tag or the capability, a text is taken as it is`() throws {
    #expect(try read("MSG a\\nb") == .message("a\\nb"))
    #expect(try read("@lines MSG a\\nb", in: [.tags]) == .message("a\\nb"))
    #expect(try read("@lines TOPIC #room a\\nb") == .topic(RoomName(testing: "#room"), "a\\nb"))
    #expect(try read("@lines AWAY a\\nb") == .away("a\\nb"))
  }

  @Test(arguments: [
    ("@lines MSG \\n \\n", ErrorCode.emptyMessage), ("@lines SAY #room \\n", .emptyMessage),
    ("@lines DM neha \\n\\n", .invalidDirectFormat), ("@lines MSG a\\n\u{1b}", .controlCharacter),
    ("@lines MSG a\\n\rb", .controlCharacter),
  ])
  func `blank texts and control characters are refused`(line: String, code: ErrorCode) {
    #expect { try read(line) } throws: { ($0 as? RequestError)?.code == code && ($0 as? RequestError)?.verb != nil }
  }

  @Test func `the number of lines is limited, blank ones included`() throws {
    let most = Array(repeating: "a", count: 25).joined(separator: "\\n\\n") + "\\nb"
    guard case .message(let text)? = try read("@lines MSG \(most)") else { throw RequestError(.emptyMessage) }
    #expect(MessageLines.count(of: text) == MessageLines.maximum)
    // Blank lines at the end do not count.
    #expect(try read("@lines MSG \(most)\\n\\n\\n") == .message(text))
    #expect { try read("@lines MSG \(most)\\nc") } throws: { ($0 as? RequestError)?.code == .tooManyLines }
  }

  @Test func `a lone backslash counts as two bytes towards the limit, unless one line is left`() throws {
    func lone(_ count: Int) -> String { String(repeating: "\\a", count: count) }
    // MSG a, the escaped line feed, and three bytes for each of the others.
    #expect(try read("@lines MSG a\\n\(lone(1363))") == .message("a\n\(lone(1363))"))
    for text in ["a\\n\(lone(1363))b", "a\\n\(lone(2042))"] {
      #expect { try read("@lines MSG \(text)") } throws: { error in
        error as? RequestError == RequestError(.lineTooLong, .message)
      }
    }
    for (start, count) in [("", 2046), ("\\n", 2045)] {
      #expect(try read("@lines MSG \(start)\(lone(count))") == .message(lone(count)))
    }
  }

  @Test func `a message that is accepted is not longer for its readers`() throws {
    var random = SeededGenerator()
    let neha = Nickname(testing: "neha")
    let most = 4096 + "@lines ".utf8.count + "neha ".utf8.count + "\n".utf8.count
    for _ in 0..<500 {
      let part = random.pick(["\\", "\\\\", "\\\\\\", "\\a", "a\\ b", "é", "abc"])
      let sent = "a\\n" + String(repeating: part, count: random.number(500...4084) / part.utf8.count)
      switch try? read("@lines \(random.pick(["MSG", "SAY #a", "DM akash"])) \(sent)") {
      case .message(let text)?, .say(_, let text)?:
        let line = ServerMessage.message(from: neha, text: text).written(for: Self.lines)
        try #require(line.utf8.count <= most, "\(random)")
      case .direct(_, let text)?:
        let line = ServerMessage.direct(from: neha, text: text).written(for: Self.lines)
        try #require(line.utf8.count <= most, "\(random)")
      // It is refused only for its lone backslashes.
      default: try #require(part.contains("\\"), "\(random)")
      }
    }
  }

  /// So a client knows in advance whether the server takes a message.
  @Test func `the server measures a message as its client does`() throws {
    for (lines, backslashes) in [(2, 1), (2, 2044), (50, 1000), (50, 0)] {
      let start = String(repeating: "a\n", count: lines - 1) + String(repeating: "\\", count: backslashes)
      let room = 4096 - ClientMessage.message(start).lineBytes
      var tags = Tags()
      tags.hasLines = true
      for (excess, isTaken) in [(0, true), (1, false)] {
        let message = ClientMessage.message(start + String(repeating: "x", count: room + excess))
        #expect((message.lineBytes <= 4096) == isTaken)
        let taken = try? read(String(message.written(tags: tags).dropLast()))
        #expect(taken == (isTaken ? message : nil))
      }
    }
  }

  @Test func `a client writes one line with the tag, and a single line without it`() {
    var tags = Tags()
    tags.label = "1"
    tags.hasLines = true
    #expect(ClientMessage.message("a\n\\b").written(tags: tags) == "@label=1;lines MSG a\\n\\\\b\n")
    #expect(ClientMessage.message("\\b").written(tags: tags) == "@label=1 MSG \\b\n")
    #expect(ClientMessage.topic(.lobby, "a\nb").written(tags: tags) == "@label=1 TOPIC #lobby a\u{fffd}b\n")
    // Other servers must not get the escapes.
    #expect(ClientMessage.message("a\nb").written() == "MSG a\u{fffd}b\n")
    #expect(ClientMessage.message("a\nb").lineBytes == "MSG a\\nb".utf8.count)
    #expect(ClientMessage.message("ab").lineBytes == "MSG ab".utf8.count)
  }

  private func tagged(_ message: ServerMessage, for dialect: Capabilities) -> String {
    var tags = Tags()
    (tags.sequence, tags.id) = (7, 9)
    return message.written(for: dialect, tags: tags)
  }

  @Test func `each session reads a message of several lines in its dialect`() {
    let neha = Nickname(testing: "neha")
    let text = "a  b\n\n\t\n  c\\ "
    for message in [ServerMessage.message(from: neha, text: text), .direct(from: neha, text: text)] {
      let verb = if case .direct = message { "DM" } else { "MSG" }
      let spaced = verb == "DM" ? "a  b" : "a b"
      #expect(tagged(message, for: []) == "\(verb) neha \(spaced)\n\(verb) neha c\\\n")
      #expect(tagged(message, for: .presence) == tagged(message, for: []))
      #expect(tagged(message, for: .tags) == "@part=7;id=9 \(verb) neha a  b\n@seq=7;id=9 \(verb) neha   c\\ \n")
      #expect(tagged(message, for: Self.lines) == "@seq=7;id=9;lines \(verb) neha a  b\\n\\n\t\\n  c\\\\ \n")
    }
    // No text but that of a message has lines.
    #expect(tagged(.messageOfTheDay("a\nb"), for: Self.lines) == "@seq=7;id=9 MOTD a\u{fffd}b\n")
  }

  @Test func `the tags of a stored message are the same as those of a message`() {
    for (form, tag, end) in [(LineForm.verbatim, "seq", ""), (.escaped, "seq", ";lines"), (.part, "part", "")] {
      var buffer = ByteBuffer()
      MessageTags(
        time: Timestamp(milliseconds: 0), sequence: 7, id: 9, room: RoomName(testing: "#a"), isRedacted: false,
        form: form
      ).write(into: &buffer)
      #expect(String(buffer: buffer) == "@time=1970-01-01T00:00:00.000Z;\(tag)=7;id=9;room=#a\(end) ")
    }
  }

  private func readByteByByte(_ written: String) throws -> [Line] {
    var decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 65_536), allowsTags: true)
    var lines: [Line] = []
    for byte in written.utf8 {
      decoder.append(ByteBuffer(bytes: [byte]))
      while let line = decoder.next() { lines.append(try line.get()) }
    }
    return lines
  }

  @Test func `messages of several lines are read as they were written`() throws {
    var random = SeededGenerator()
    for _ in 0..<500 {
      let text = random.severalLines()
      let message: ClientMessage = random.pick([
        .message(text), .say(random.target(), text: text), .direct(to: random.name(), text: text),
      ])
      var tags = random.tags()
      tags.hasLines = true
      let lines = try readByteByByte(message.written(tags: tags))
      try #require(lines.count == 1 && lines[0].tags.hasLines, "\(random)")
      let read = try ClientMessage(reading: lines[0], in: .all)
      try #require("\(try #require(read))".exactly == "\(message)".exactly, "\(random)")
    }
  }

  @Test func `messages of several lines reach every dialect`() throws {
    var random = SeededGenerator()
    for _ in 0..<500 {
      let text = random.severalLines()
      let tags = random.tags()
      let message: ServerMessage = random.pick([
        .message(from: random.name(), text: text), .direct(from: random.name(), text: text),
      ])
      let lines = try readByteByByte(message.written(for: .all, tags: tags))
      try #require(lines.count == 1 && lines[0].tags.hasLines, "\(random)")
      try #require("\(ServerMessage(reading: lines[0], in: .all))".exactly == "\(message)".exactly, "\(random)")
      for dialect in [[], .presence, .tags] as [Capabilities] {
        let count = message.written(for: dialect, tags: tags).utf8.count { $0 == 0x0a }
        try #require(count == MessageLines.nonBlankCount(of: text), "\(random)")
      }
    }
  }
}
