import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// Deleting a room removes its messages and keeps its sequence numbers.
@Suite(.computing) struct DeletionTests {
  @Test(arguments: LogKind.allCases)
  func `a deleted room has no messages and its sequence numbers continue`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for number in 1...700 { try log.store(.said("m\(number)", in: "#a")) }
      try log.store(.said("stays"))
      let room = try #require(RoomName("#A"))
      try log.record([.room(.of("#a", slowness: 5)), .deletion(room)])
      #expect(try log.latest(in: .named("#a")) == [])
      #expect(try log.registry().rooms == [])
      let state = try #require(try log.rooms().first { $0.name == room })
      #expect(state.head == 700 && !state.hasMessages)
      #expect(try log.store(.said("new", in: "#a")).sequence == 701)
      #expect(try log.latest(in: .named("#a")).map(\.text) == ["new"])
      #expect(try log.rooms().first { $0.name == room }?.hasMessages == true)
      #expect(try log.latest().map(\.text) == ["stays"])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `the keys of a deleted room are forgotten, whether its messages are pruned yet or not`(kind: LogKind) throws {
    for isPruned in [false, true] {
      try kind.use { (log) throws in
        let room = try #require(RoomName("#a"))
        let message = try NewMessage.said("one", in: "#a", key: "k1")
        try log.store([
          message, .said("two", in: "#a", key: "k2"), .said("three", in: "#a", key: "k3"), .said("other", key: "k4"),
        ])
        _ = try log.redact(.named("#a"), sequence: 3, author: nil)
        let other = try #require(try log.latest().first)
        try log.record([.deletion(room)])
        if isPruned { try log.finishPruning(Retention()) }
        // In another conversation, as another message, and twice in one append.
        let outcomes = try log.append(
          [
            message, .whispered("two", by: "neha", to: "akash", key: "k2"), .said("new", in: "#a", key: "k3"), message,
            .said("other", key: "k4"),
          ], at: .noon)
        let stored = outcomes.compactMap { if case .stored(let message) = $0 { message } else { nil } }
        let first = try #require(stored.first)
        #expect(stored.map(\.text) == ["one", "two", "new"])
        #expect(stored.map(\.sequence) == [4, 1, 5])
        #expect(outcomes.suffix(2) == [.duplicate(first), .duplicate(other)])
        #expect(try log.latest(in: .named("#a")).map(\.text) == ["one", "new"])
        // The new messages keep the keys.
        try log.finishPruning(Retention())
        #expect(try log.append([message], at: .noon) == [.duplicate(first)])
        #expect(try log.append([.said("x", in: "#a", key: "k2")], at: .noon) == [.conflict])
      }
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a deleted room has no read marks`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.store([.said("one", in: "#a"), .said("two")])
      let me = try MemberID.named("neha")
      try log.keep([
        ReadMark(member: me, conversation: .named("#a"), sequence: 1),
        ReadMark(member: me, conversation: .lobby, sequence: 1),
      ])
      try log.record([.deletion(try #require(RoomName("#a")))])
      #expect(try log.state(of: me).marks == [.lobby: 1])
    }
  }

  @Test func `messages of a deleted room leave the files in slices without damage to the log`() throws {
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path)
    for number in 1...1200 { try log.store(.said("m\(number)", in: "#a")) }
    try log.store(.said("stays"))
    while try log.catchUp() {}
    try log.record([.deletion(try #require(RoomName("#a")))])
    func texts() throws -> [String] {
      var texts: [String] = []
      try LogArchive(directory: folder.path).export(.init()) {
        texts.append($0.text)
        return true
      }
      return texts
    }
    func check() throws { _ = try LogArchive(directory: folder.path).verify { Issue.record("\($0)") } }
    #expect(try texts() == ["stays"])
    try check()
    #expect(try log.prune(Retention(), at: .noon))
    try check()
    while try log.prune(Retention(), at: .noon) {}
    try check()
    #expect(log.prunedMessages == 1200)
    #expect(try log.latest().map(\.text) == ["stays"])
    #expect(try log.rooms().map(\.name.text) == ["#a", "#lobby"])
  }

  @Test func `the export of a room ends when the room is deleted meanwhile`() throws {
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path)
    try log.store((1...1200).map { try .said("m\($0)", in: "#a") })
    let room = try #require(RoomName("#a"))
    var count = 0
    try LogArchive(directory: folder.path).export(.init(room: room)) { _ in
      if count == 0 { try log.record([.deletion(room)]) }
      count += 1
      return true
    }
    // The first slice was read before.
    #expect(count == 1000)
  }

  @Test(arguments: LogKind.allCases)
  func `the log remembers that there was an operator`(kind: LogKind) throws {
    try kind.use { (log) throws in
      #expect(try !log.registry().hadOperator)
      try log.record([.account(.of("neha", keys: [1], isOperator: true))])
      try log.record([.account(.of("neha", keys: [1]))])
      #expect(try log.registry().hadOperator)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `the networks of a sanction are kept`(kind: LogKind) throws {
    try kind.use { (log) throws in
      var mute = try Sanction.of(.mute, "@mallory")
      mute.blocks = Set(["192.0.2.7", "2001:db8::/64"].compactMap { Network($0) })
      try log.record([.sanction(mute)])
      #expect(try log.registry().sanctions == [mute])
    }
  }
}
