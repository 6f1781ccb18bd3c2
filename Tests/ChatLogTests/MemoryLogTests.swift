import ChatLog
import ChatProtocol
import Testing

/// What the log in memory forgets.
@Suite struct MemoryLogTests {
  private static let time = Timestamp(milliseconds: 0)

  @Test(arguments: [1, 2, 3, 10])
  func `of each conversation the last messages are kept, and the count goes on`(capacity: Int) throws {
    var log = MemoryLog(capacity: capacity)
    for number in 1...10 {
      let stored = try log.append([.said("m\(number)")], at: Self.time)
      #expect(stored.map(\.sequence) == [number])
    }
    let kept = Array(1...10).suffix(capacity)
    #expect(try log.latest(.max, in: .lobby).map(\.sequence) == Array(kept))
    for after in [.min, -1, 0, 1, 5, 9] {
      let page = try log.messages(in: .lobby, after: after, limit: 2)
      #expect(page.map(\.sequence) == Array(kept.filter { $0 > after }.prefix(2)), "after \(after)")
    }
    #expect(try log.messages(in: .lobby, after: 10, limit: 2) == [])
  }

  @Test(arguments: [0, -1, .min])
  func `there is room for one message in one conversation at least`(capacity: Int) throws {
    var log = MemoryLog(capacity: capacity, conversationCapacity: capacity)
    _ = try log.append([.said("a"), .said("b")], at: Self.time)
    #expect(try log.latest(9, in: .lobby).map(\.text) == ["b"])
  }

  @Test func `there may be no limit`() throws {
    var log = MemoryLog(capacity: .max, conversationCapacity: .max)
    _ = try log.append([.said("a"), .said("b"), .said("c", in: "#other")], at: Self.time)
    #expect(try log.latest(9, in: .lobby).map(\.text) == ["a", "b"])
  }

  @Test func `beyond twice their number those conversations are dropped that were written in longest ago`() throws {
    var log = MemoryLog(capacity: 10, conversationCapacity: 3)
    for name in ["#a", "#b", "#c", "#d", "#e", "#f"] { _ = try log.append([.said(name, in: name)], at: Self.time) }
    _ = try log.append([.said("again", in: "#a")], at: Self.time)
    #expect(try kept(log) == ["#a", "#b", "#c", "#d", "#e", "#f"])
    let stored = try log.append([.said("#g", in: "#g")], at: Self.time)
    #expect(stored.map(\.sequence) == [1])
    #expect(try kept(log) == ["#a", "#f", "#g"])
    #expect(try log.append([.said("more", in: "#a")], at: Self.time).map(\.sequence) == [3])
    #expect(try log.append([.said("anew", in: "#b")], at: Self.time).map(\.sequence) == [1])
  }

  @Test func `one append may go over the limit, and is answered whole`() throws {
    var log = MemoryLog(capacity: 2, conversationCapacity: 1)
    let drafts = try (1...9).map { try NewMessage.said("m\($0)", in: "#r\($0)") }
    #expect(try log.append(drafts, at: Self.time).map(\.text) == drafts.map(\.text))
  }

  private func kept(_ log: MemoryLog) throws -> [String] {
    try ["#a", "#b", "#c", "#d", "#e", "#f", "#g"].filter { name in
      let room = try #require(RoomName(name))
      return try !log.latest(1, in: .room(room)).isEmpty
    }
  }
}
