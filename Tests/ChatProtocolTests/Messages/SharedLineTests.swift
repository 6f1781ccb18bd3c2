import ChatProtocol
import NIOCore
import TestSupport
import Testing

/// Sessions with equal capabilities for shared lines receive the same bytes.
@Suite struct SharedLineTests {
  private static func bytes(_ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
    var buffer = ByteBuffer()
    write(&buffer)
    return buffer
  }

  @Test func `the bytes of a shared line depend only on the capabilities of its kind`() throws {
    var random = SeededGenerator()
    var kinds: Set<SharedLine> = []
    while kinds.count < SharedLine.allCases.count {
      let message = random.serverMessage(for: .all)
      guard let kind = message.shared else { continue }
      kinds.insert(kind)
      let tags = random.tags()
      for bits in UInt16(0)...Capabilities.all.rawValue {
        let dialect = Capabilities(rawValue: bits)
        let reduced = dialect.intersection(kind.capabilities)
        #expect(message.isKnown(in: dialect) == message.isKnown(in: reduced), "\(kind) \(dialect.names)")
        let full = Self.bytes { message.write(into: &$0, for: dialect, tags: tags) }
        try #require(
          full == Self.bytes { message.write(into: &$0, for: reduced, tags: tags) }, "\(kind) \(dialect.names)")
      }
    }
  }
}
