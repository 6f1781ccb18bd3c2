import ChatProtocol
import ChatRecords
import NIOCore
import Testing

/// Sessions with equal capabilities for shared lines receive the same bytes.
@Suite struct SharedMessageTests {
  private static func bytes(_ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
    var buffer = ByteBuffer()
    write(&buffer)
    return buffer
  }

  @Test(arguments: [MessageKind.text, .topic, .redacted])
  func `the bytes of a stored message depend only on the capabilities of its kind`(_ kind: MessageKind) throws {
    let room = try #require(RoomName("#a"))
    let message = NewMessage(
      conversation: .room(room), author: try #require(Nickname("neha")), member: MemberID(1), kind: kind, text: "a  b")
    let stored = StoredMessage(message, id: 2, sequence: 1, time: Timestamp(milliseconds: 0))
    for bits in UInt16(0)...Capabilities.all.rawValue {
      let dialect = Capabilities(rawValue: bits)
      let reduced = dialect.intersection(stored.shared.capabilities)
      #expect(stored.isKnown(in: dialect) == stored.isKnown(in: reduced), "\(dialect.names)")
      let full = Self.bytes { stored.write(into: &$0, for: dialect) }
      try #require(full == Self.bytes { stored.write(into: &$0, for: reduced) }, "\(dialect.names)")
    }
  }
}
