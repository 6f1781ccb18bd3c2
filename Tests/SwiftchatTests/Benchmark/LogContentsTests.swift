import ChatProtocol
import ChatRecords
import Testing

@testable import Benchmark

/// The checks of `bench log`.
@Suite struct LogContentsTests {
  private let neha: Nickname
  private let akash: Nickname
  private let room: RoomName

  init() throws {
    neha = try #require(Nickname("neha"))
    akash = try #require(Nickname("akash"))
    room = try #require(RoomName("#room1"))
  }

  private func stored(_ text: String, by author: Nickname, _ sequence: Int) -> StoredMessage {
    let message = NewMessage(conversation: .room(room), author: author, member: MemberID(1), text: text)
    return StoredMessage(message, id: 1, sequence: sequence, time: Timestamp(milliseconds: 0))
  }

  @Test func `a message is known by its room, number, author and text`() {
    var contents = LogContents(rooms: 2)
    contents.add(["w1", "w2"], "w1 w2", by: neha, in: 1)
    contents.add(["w3"], "w3", by: neha, in: 1)
    #expect(contents.heads == [0, 2])
    #expect(contents.contains(stored("w1 w2", by: neha, 1), in: 1))
    #expect(contents.contains(stored("w3", by: neha, 2), in: 1))
    #expect(!contents.contains(stored("w3", by: neha, 1), in: 1))
    #expect(!contents.contains(stored("w1 w2", by: akash, 1), in: 1))
    #expect(!contents.contains(stored("w1 w2", by: neha, 1), in: 0))
    #expect(!contents.contains(stored("w3", by: neha, 3), in: 1))
    #expect(!contents.contains(stored("w3", by: neha, 0), in: 1))
  }

  @Test func `the number of messages that a search has to find is known`() throws {
    let person = try #require(Nickname("person7"))
    var contents = LogContents(rooms: 2)
    contents.add(["w1", "w0"], "w1 w0", by: neha, in: 0)
    contents.add(["w5", "w0", "w1"], "w5 w0 w1", by: person, in: 1)
    contents.add(["w00", "w19990"], "w00 w19990", by: person, in: 1)
    func hits(_ query: LogQuery) -> [Int] { [0..<1, 1..<2, 0..<2].map { contents.hits(of: query, in: $0) } }
    #expect(hits(.common) == [1, 1, 2])
    #expect(hits(.phrase) == [0, 1, 1])
    #expect(hits(.rare) == [0, 1, 1])
    #expect(hits(.author) == [0, 1, 1])
  }
}
