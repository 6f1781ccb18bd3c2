import ChatProtocol
import ChatRecords
import NIOCore
import Testing

@Suite struct StoredMessageTests {
  private static let dialects: [Capabilities] = [
    [], .presence, .tags, [.tags, .presence], [.tags, .rooms], .all,
  ]
  private static let texts = ["hello", "two  spaces ", "", "/me waves", "नमस्ते\t!", "a\nb\u{7}"]
  private static let rooms = ["#lobby", "#LOBBY", "#a;b\\c", "#कमरा"]
  private static let numbers = [0, 1, 9, 10, 99, 100, 1_234_567_890, .max]
  private static let times: [Int64] = [
    0, 1, -1, 1_795_341_600_123, -62_167_219_200_000, 253_402_300_799_999, .min, .max,
  ]

  @Test(arguments: dialects)
  func `a stored message is written as the same line as the message with its tags`(dialect: Capabilities) throws {
    let author = try #require(Nickname("neha"))
    for text in Self.texts {
      for kind in MessageKind.allCases {
        for (index, number) in Self.numbers.enumerated() {
          let room = try #require(RoomName(Self.rooms[index % Self.rooms.count]))
          let new = NewMessage(
            conversation: .room(room), author: author, member: MemberID(1), kind: kind, text: text)
          let time = Timestamp(milliseconds: Self.times[index])
          let stored = StoredMessage(new, id: number, sequence: Self.numbers.reversed()[index], time: time)
          var tags = Tags()
          tags.time = time
          tags.sequence = stored.sequence
          tags.id = number
          if room != .lobby { tags.room = room }
          if kind == .redacted { tags.isRedacted = true }
          let message: ServerMessage =
            switch kind {
            case .text: .message(from: author, text: text)
            case .topic: .topic(from: author, text: text)
            case .redacted: .message(from: author, text: "(removed)")
            }
          var (expected, got) = (ByteBuffer(), ByteBuffer())
          message.write(into: &expected, for: dialect, tags: tags)
          stored.write(into: &got, for: dialect)
          try #require(String(buffer: got) == String(buffer: expected))
          #expect(stored.isKnown(in: dialect) == (got.readableBytes > 0))
        }
      }
    }
  }
}
