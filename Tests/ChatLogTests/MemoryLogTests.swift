import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// The limits of the log in memory.
@Suite(.computing) struct MemoryLogTests {
  @Test(arguments: [1, 2, 3, 10])
  func `the last messages of each conversation are kept, and the sequence numbers continue`(capacity: Int) throws {
    let log = MemoryLog(capacity: capacity)
    for number in 1...10 { #expect(try log.store(.said("m\(number)")).sequence == number) }
    let kept = Array((1...10).suffix(capacity))
    #expect(try log.latest().map(\.sequence) == kept)
    for after in [.min, -1, 0, 1, 5, 9, 10] {
      let page = try log.page(.after(after), limit: 2)
      #expect(page.messages.map(\.sequence) == Array(kept.filter { $0 > after }.prefix(2)), "after \(after)")
    }
  }

  @Test(arguments: [0, -1, .min])
  func `at least one message of one conversation is kept`(capacity: Int) throws {
    let log = MemoryLog(capacity: capacity, conversationCapacity: capacity)
    try log.store([.said("a"), .said("b")])
    #expect(try log.latest().map(\.text) == ["b"])
  }

  @Test func `at twice the limit the least recently written conversations are dropped`() throws {
    let log = MemoryLog(capacity: 10, conversationCapacity: 3)
    for name in ["#a", "#b", "#c", "#d", "#e", "#f"] { try log.store(.said(name, in: name)) }
    try log.keep([mark("#b", 1), mark("#a", 1)])
    try log.store(.said("again", in: "#a"))
    #expect(try kept(log) == ["#a", "#b", "#c", "#d", "#e", "#f"])
    #expect(try log.store(.said("#g", in: "#g")).sequence == 1)
    #expect(try kept(log) == ["#a", "#f", "#g"])
    // A read mark of a dropped conversation would apply to its later messages.
    #expect(try log.state(of: .named("neha")).marks == [.named("#a"): 1])
    #expect(try log.store(.said("more", in: "#a")).sequence == 3)
    #expect(try log.store(.said("anew", in: "#b")).sequence == 2)
  }

  @Test func `one append may exceed the limit and is answered completely`() throws {
    let log = MemoryLog(capacity: 2, conversationCapacity: 1)
    let messages = try (1...9).map { try NewMessage.said("m\($0)", in: "#r\($0)") }
    #expect(try log.store(messages).map(\.text) == messages.map(\.text))
  }

  @Test func `two logs have different epochs and secrets`() {
    let (one, other) = (MemoryLog(), MemoryLog())
    #expect(one.epoch != other.epoch)
    #expect(one.secret != other.secret)
    #expect(one.secret.count == 32)
  }

  private func mark(_ room: String, _ sequence: Int) throws -> ReadMark {
    ReadMark(member: try .named("neha"), conversation: try .named(room), sequence: sequence)
  }

  private func kept(_ log: MemoryLog) throws -> [String] {
    try ["#a", "#b", "#c", "#d", "#e", "#f", "#g"].filter { try !log.latest(1, in: .named($0)).isEmpty }
  }
}
