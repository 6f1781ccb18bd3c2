import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// The state that a log keeps for rooms and members.
@Suite(.computing) struct MemberTests {
  @Test(arguments: LogKind.allCases)
  func `a room keeps the first spelling of its name and has the newest topic`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.store([.said("a", in: "#Two"), .said("b", in: "#TWO"), .said("c", in: "#lobby")])
      #expect(try log.rooms().map(\.name.text) == ["#lobby", "#Two"])
      #expect(try log.rooms().map(\.head) == [1, 2])
      #expect(try log.rooms().map(\.topic) == [nil, nil])
      let topics = try log.store([
        .said("first", kind: .topic), .said("second", by: "akash", kind: .topic), .said("d"),
      ])
      #expect(try log.rooms().map(\.topic) == [topics[1], nil])
      #expect(try log.rooms().first?.topic?.author.text == "akash")
      try log.store(.said("", kind: .topic))
      #expect(try log.rooms().map(\.topic) == [nil, nil])
      try log.store(.whispered("psst", by: "neha", to: "mira"))
      #expect(try log.rooms().count == 2)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a room has no spelling of a message that was refused`(kind: LogKind) throws {
    try kind.use { (log) throws in
      var (message, other) = (try NewMessage.said("a"), try NewMessage.said("b", in: "#TWO"))
      (message.key, other.key) = (IdempotencyKey("key"), IdempotencyKey("key"))
      try log.store(message)
      #expect(try log.append([other], at: .noon) == [.conflict])
      try log.store(.said("c", in: "#Two"))
      #expect(try log.rooms().map(\.name.text) == ["#lobby", "#Two"])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a topic stays when its message is pruned`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let topic = try log.store(.said("what it is about", kind: .topic))
      try log.store([.said("a"), .said("b")])
      try log.finishPruning(Retention(count: 1))
      #expect(try log.latest().map(\.text) == ["b"])
      #expect(try log.rooms().map(\.withoutHeads) == [RoomState(name: .lobby, head: 3, topic: topic)])
      try log.finishPruning(Retention(count: 0))
      #expect(try log.rooms().map(\.withoutHeads) == [RoomState(name: .lobby, head: 3, topic: topic)])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `correspondents are ordered by their last message and have their latest names`(
    kind: LogKind
  ) throws {
    try kind.use { (log) throws in
      let me = try MemberID.named("neha")
      try log.store([
        .whispered("1", by: "neha", to: "akash"), .whispered("2", by: "mira", to: "neha"),
        .whispered("3", by: "Akash", to: "neha"), .whispered("4", by: "akash", to: "mira"),
        .whispered("5", by: "neha", to: "NEHA"), .said("6"),
      ])
      let state = try log.state(of: me)
      #expect(state.correspondents.map(\.name.text) == ["neha", "Akash", "mira"])
      #expect(state.correspondents.map(\.head) == [1, 2, 1])
      #expect(state.correspondents.map(\.member) == [me, try .named("akash"), try .named("mira")])
      try log.finishPruning(Retention(count: 0))
      #expect(try log.state(of: me) == state)
      #expect(try log.state(of: .named("nobody")) == MemberState())
    }
  }

  @Test(arguments: LogKind.allCases)
  func `at most the last hundred correspondents are returned`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for number in 0..<150 {
        try log.store(
          number % 2 == 0
            ? .whispered("hi", by: "neha", to: "p\(number)") : .whispered("hi", by: "p\(number)", to: "neha"))
      }
      try log.store(.whispered("again", by: "p3", to: "neha"))
      let names = try log.state(of: .named("neha")).correspondents.map(\.name.text)
      #expect(names == ["p3"] + (51..<150).reversed().map { "p\($0)" })
    }
  }

  @Test(arguments: LogKind.allCases)
  func `read marks only advance, and only in conversations with messages`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let me = try MemberID.named("neha")
      let pair = try Conversation.between("neha", "akash")
      try log.store([.said("a"), .said("b"), .whispered("c", by: "akash", to: "neha")])
      func mark(_ conversation: Conversation, _ sequence: Int) throws {
        try log.keep([ReadMark(member: me, conversation: conversation, sequence: sequence)])
      }
      try mark(.lobby, 2)
      try mark(.lobby, 1)
      try mark(.lobby, .min)
      try mark(pair, 1)
      try mark(.named("#never"), 7)
      try log.keep([])
      #expect(try log.state(of: me).marks == [.lobby: 2, pair: 1])
      #expect(try log.rooms().map(\.name.text) == ["#lobby"])
      try mark(.named("#LOBBY"), 3)
      #expect(try log.state(of: me).marks == [.lobby: 3, pair: 1])
      #expect(try log.state(of: .named("akash")).marks == [:])
    }
  }
}
