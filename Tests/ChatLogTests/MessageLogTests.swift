import ChatLog
import ChatProtocol
import Testing

/// What every log promises.
@Suite struct MessageLogTests {
  private static let time = Timestamp(milliseconds: 1_795_341_600_123)

  @Test(arguments: LogKind.allCases)
  func `an empty log has nothing`(kind: LogKind) throws {
    let log = kind.make()
    #expect(try log.latest(10, in: .lobby) == [])
    #expect(try log.messages(in: .lobby, after: 0, limit: 10) == [])
    #expect(try log.messages(in: .lobby, after: .min, limit: .max) == [])
  }

  @Test(arguments: LogKind.allCases)
  func `no drafts are no messages`(kind: LogKind) throws {
    var log = kind.make()
    #expect(try log.append([], at: Self.time) == [])
    #expect(try log.append([.said("one")], at: Self.time).map(\.sequence) == [1])
  }

  @Test(arguments: LogKind.allCases)
  func `a message is kept as it was accepted`(kind: LogKind) throws {
    var log = kind.make()
    let draft = try NewMessage.said(" white  space\tand नमस्ते 👋🏽 ", by: "Neha")
    let stored = try log.append([draft], at: Self.time)
    #expect(stored == [StoredMessage(draft, sequence: 1, time: Self.time)])
    let read = try log.latest(1, in: .lobby)
    #expect(read == stored)
    #expect(read.first?.author.text == "Neha")
  }

  @Test(arguments: LogKind.allCases)
  func `each conversation counts from 1 without a gap, within one append and over many`(kind: LogKind) throws {
    var log = kind.make()
    let first = try log.append(
      [
        .said("a"), .said("b", in: "#other"), .said("c"), .whispered("d", by: "neha", to: "akash"), .said("e"),
      ], at: Self.time)
    #expect(first.map(\.text) == ["a", "b", "c", "d", "e"])
    #expect(first.map(\.sequence) == [1, 1, 2, 1, 3])
    let second = try log.append([.said("f", in: "#OTHER"), .said("g")], at: Self.time)
    #expect(second.map(\.sequence) == [2, 4])
    #expect(try log.latest(10, in: .lobby).map(\.text) == ["a", "c", "e", "g"])
  }

  @Test(arguments: LogKind.allCases)
  func `what two people write to each other is one conversation, whoever writes`(kind: LogKind) throws {
    var log = kind.make()
    let stored = try log.append(
      [
        .whispered("a", by: "neha", to: "akash"), .whispered("b", by: "Akash", to: "NEHA"),
        .whispered("c", by: "neha", to: "mira"), .whispered("d", by: "neha", to: "neha"),
      ], at: Self.time)
    #expect(stored.map(\.sequence) == [1, 2, 1, 1])
    for conversation in [try Conversation.between("neha", "akash"), try .between("AKASH", "Neha")] {
      #expect(try log.latest(10, in: conversation).map(\.text) == ["a", "b"])
    }
    #expect(try log.latest(10, in: .between("neha", "neha")).map(\.text) == ["d"])
    #expect(try log.latest(10, in: .between("akash", "mira")) == [])
  }

  @Test(arguments: LogKind.allCases)
  func `the time of an append is that of its messages, even where the clock went back`(kind: LogKind) throws {
    var log = kind.make()
    let earlier = Timestamp(milliseconds: Self.time.milliseconds - 5000)
    _ = try log.append([.said("a")], at: Self.time)
    _ = try log.append([.said("b")], at: earlier)
    #expect(try log.latest(2, in: .lobby).map(\.time) == [Self.time, earlier])
  }

  @Test(
    arguments: LogKind.allCases,
    [
      (0, []), (1, [5]), (4, [2, 3, 4, 5]), (5, [1, 2, 3, 4, 5]), (6, [1, 2, 3, 4, 5]), (.max, [1, 2, 3, 4, 5]),
      (-1, []), (.min, []),
    ] as [(Int, [Int])])
  func `the latest are the last ones, the oldest first`(kind: LogKind, expectation: (Int, [Int])) throws {
    let log = try filled(kind)
    #expect(try log.latest(expectation.0, in: .lobby).map(\.sequence) == expectation.1)
  }

  @Test(
    arguments: LogKind.allCases,
    [
      (after: 0, limit: 10, [1, 2, 3, 4, 5]), (0, 2, [1, 2]), (1, 2, [2, 3]), (3, 10, [4, 5]), (4, 1, [5]),
      (5, 10, []), (6, 10, []), (.max, .max, []), (-1, 2, [1, 2]), (.min, 2, [1, 2]), (.min, .max, [1, 2, 3, 4, 5]),
      (0, 0, []), (0, -1, []), (2, .min, []), (0, .max, [1, 2, 3, 4, 5]),
    ] as [(after: Int, limit: Int, [Int])])
  func `a page begins behind the sequence that was given`(
    kind: LogKind, expectation: (after: Int, limit: Int, sequences: [Int])
  ) throws {
    let log = try filled(kind)
    let page = try log.messages(in: .lobby, after: expectation.after, limit: expectation.limit)
    #expect(page.map(\.sequence) == expectation.sequences)
    #expect(page.map(\.text) == expectation.sequences.map { "m\($0)" })
  }

  @Test(arguments: LogKind.allCases)
  func `page by page everything is read once`(kind: LogKind) throws {
    var log = kind.make()
    for number in 1...100 { _ = try log.append([.said("m\(number)")], at: Self.time) }
    var read: [StoredMessage] = []
    while true {
      let page = try log.messages(in: .lobby, after: read.last?.sequence ?? 0, limit: 7)
      if page.isEmpty { break }
      read += page
    }
    #expect(read.map(\.text) == (1...100).map { "m\($0)" })
  }

  private func filled(_ kind: LogKind) throws -> any MessageLog {
    var log = kind.make()
    _ = try log.append((1...5).map { try .said("m\($0)") }, at: Self.time)
    _ = try log.append([.said("elsewhere", in: "#other")], at: Self.time)
    return log
  }
}
