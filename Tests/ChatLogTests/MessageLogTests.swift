import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// Ids and sequence numbers of stored messages.
@Suite(.computing) struct MessageLogTests {
  @Test(arguments: LogKind.allCases)
  func `an empty log has no messages`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for range in [HistoryRange.latest, .after(0), .after(.min), .after(.max), .before(.max), .before(.min)] {
        #expect(try log.page(range) == Page(messages: [], hasMore: false))
      }
      #expect(try log.rooms() == [])
      #expect(try log.state(of: .named("neha")) == MemberState())
      #expect(try log.find("anything").messages == [])
      #expect(try !log.catchUp())
      #expect(try !log.prune(Retention(age: .zero, count: 0), at: .noon))
    }
  }

  @Test(arguments: [LogKind.sqlite, .postgresql])
  func `indexing tells the number of messages`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.store((0..<3).map { try .said("word \($0)") })
      #expect(try log.catchUp(isUrgent: false).indexed == 3)
      try log.store(.said("word 3", kind: .topic))
      #expect(try log.catchUp(isUrgent: true).indexed == 1)
      #expect(try log.catchUp(isUrgent: true).indexed == 0)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `appending no messages stores nothing`(kind: LogKind) throws {
    try kind.use { (log) throws in
      #expect(try log.append([], at: .noon) == [])
      #expect(try log.store(.said("one")).sequence == 1)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a message is stored as it was accepted`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for text in [" white  space\tand नमस्ते 👋🏽 ", "", "a\u{0}b", "'; DROP TABLE messages; --", "\u{fffd}\u{10ffff}"] {
        let message = try NewMessage.said(text, by: "Neha", in: "#Größe")
        let stored = try log.store(message)
        let read = try #require(try log.latest(1, in: message.conversation).first)
        #expect(read == stored)
        #expect(Array(read.text.utf8) == Array(text.utf8))
        #expect(read.author.text == "Neha")
        #expect(read.time == .noon)
      }
      let whispered = try log.store(.whispered("psst", by: "Neha", to: "AKASH"))
      let read = try #require(try log.latest(1, in: whispered.conversation).first)
      #expect(read == whispered)
      #expect(read.reader?.text == "AKASH")
      #expect(read.member == whispered.member)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `each conversation counts from 1 without gaps, and ids increase`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let first = try log.store([
        .said("a"), .said("b", in: "#other"), .said("c"), .whispered("d", by: "neha", to: "akash"), .said("e"),
      ])
      #expect(first.map(\.text) == ["a", "b", "c", "d", "e"])
      #expect(first.map(\.sequence) == [1, 1, 2, 1, 3])
      let second = try log.store([.said("f", in: "#OTHER"), .said("g")])
      #expect(second.map(\.sequence) == [2, 4])
      let ids = (first + second).map(\.id)
      #expect(ids == Array(Set(ids)).sorted())
      #expect(try log.latest().map(\.text) == ["a", "c", "e", "g"])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `direct messages in both directions form one conversation`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let stored = try log.store([
        .whispered("a", by: "neha", to: "akash"), .whispered("b", by: "Akash", to: "NEHA"),
        .whispered("c", by: "neha", to: "mira"), .whispered("d", by: "neha", to: "neha"),
      ])
      #expect(stored.map(\.sequence) == [1, 2, 1, 1])
      for conversation in [try Conversation.between("neha", "akash"), try .between("akash", "neha")] {
        #expect(try log.latest(in: conversation).map(\.text) == ["a", "b"])
      }
      #expect(try log.latest(in: .between("neha", "neha")).map(\.text) == ["d"])
      #expect(try log.latest(in: .between("akash", "mira")) == [])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a member with a reused name cannot read the earlier member's messages`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let (neha, akash) = (try #require(Nickname("neha")), try #require(Nickname("akash")))
      let pairs = [1, 2].map { Conversation.pair(Conversation.Pair(MemberID($0), MemberID(9))) }
      for (index, pair) in pairs.enumerated() {
        try log.store(
          NewMessage(conversation: pair, author: akash, member: MemberID(9), reader: neha, text: "to \(index)"))
      }
      #expect(try log.latest(in: pairs[0]).map(\.text) == ["to 0"])
      #expect(try log.find("to", in: [pairs[1]]).messages.map(\.text) == ["to 1"])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `the messages of an append have its time, even after the clock went back`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let times = [Timestamp.noon, .noon.advanced(by: -5000), Timestamp(milliseconds: -1)]
      for time in times { try log.store(.said("a"), at: time) }
      #expect(try log.latest().map(\.time) == times)
    }
  }

  // MARK: Idempotence keys

  @Test(arguments: LogKind.allCases)
  func `a message with a known key is a duplicate, within one append or across several`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let message = try NewMessage.said("once", key: "k1")
      let outcomes = try log.append([message, message, .said("other"), message], at: .noon)
      guard case .stored(let stored) = outcomes[0] else {
        Issue.record("\(outcomes)")
        return
      }
      #expect(outcomes[1] == .duplicate(stored))
      #expect(outcomes[3] == .duplicate(stored))
      let later = try log.append([message], at: .noon.advanced(by: 1))
      #expect(later == [.duplicate(stored)])
      #expect(try log.latest().map(\.text) == ["once", "other"])
      #expect(try log.store(.said("next")).sequence == 3)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `in one append, messages with a known key are compared one by one`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let known = try log.store(.said("a", key: "k"))
      let outcomes = try log.append(
        [
          .said("a", in: "#other", key: "k"), .said("a", key: "k"), .said("b", key: "k"), .said("new"),
          .said("a", in: "#never", key: "k"), .said("a", key: "k"),
        ], at: .noon)
      guard case .stored(let new) = outcomes[3] else {
        Issue.record("\(outcomes)")
        return
      }
      #expect(
        outcomes == [.conflict, .duplicate(known), .conflict, .stored(new), .conflict, .duplicate(known)])
      #expect(try log.latest().map(\.sequence) == [1, 2])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `idempotence keys are separate for each member`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.store([.said("a", by: "neha", key: "k"), .said("a", by: "akash", key: "k"), .said("a", key: "K")])
      #expect(try log.latest().map(\.sequence) == [1, 2, 3])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `another message under a used key is a conflict and gets no sequence number`(kind: LogKind) throws {
    try kind.use { (log) throws in
      try log.store([.said("a", key: "k")])
      for other in [
        try NewMessage.said("b", key: "k"), try .said("a", in: "#other", key: "k"),
        try .said("a", kind: .topic, key: "k"),
        try .whispered("a", by: "neha", to: "akash", key: "k"),
      ] {
        #expect(try log.append([other], at: .noon) == [.conflict])
      }
      #expect(try log.latest().count == 1)
      #expect(try log.rooms().map(\.name.text) == ["#lobby"])
      // Another author name does not make it another message.
      let renamed = NewMessage(
        conversation: .lobby, author: try #require(Nickname("renamed")), member: try .named("neha"), text: "a",
        key: IdempotencyKey("k"))
      guard case .duplicate(let earlier) = try log.append([renamed], at: .noon).first else {
        Issue.record("a message with a known key was stored again")
        return
      }
      #expect(earlier.author.text == "neha")
    }
  }
}
