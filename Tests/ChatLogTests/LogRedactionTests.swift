import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

/// Redacting the text of a message.
@Suite(.computing) struct LogRedactionTests {
  enum Indexed: CaseIterable { case before, after, never }

  private func redact(
    _ sequence: Int, in conversation: Conversation = .lobby, by author: String? = nil, _ log: any MessageLog
  ) throws -> StoredMessage? {
    try log.redact(conversation, sequence: sequence, author: try author.map { try .named($0) })
  }

  @Test(arguments: LogKind.allCases, Indexed.allCases)
  func `a redacted message keeps its place and loses its text`(kind: LogKind, indexed: Indexed) throws {
    try kind.use { (log) throws in
      let stored = try log.store([
        .said("first word"), .said("secret word", by: "Akash"), .said("secret", in: "#other"), .said("last word"),
      ])
      if indexed == .before { try log.finishIndexing() }
      #expect(try redact(2, log) == stored[1])
      if indexed == .after { try log.finishIndexing() }
      var redacted = stored[1]
      (redacted.kind, redacted.text) = (.redacted, "")
      #expect(try log.latest() == [stored[0], redacted, stored[3]])
      #expect(try log.latest().map(\.author.text) == ["neha", "Akash", "neha"])
      #expect(try log.page(.after(1), limit: 1) == Page(messages: [redacted], hasMore: true))
      #expect(try log.find("secret").messages == [])
      #expect(try log.find("word").messages == [stored[3], stored[0]])
      #expect(try log.find("from:akash").messages == [])
      #expect(try log.find("secret", in: [.lobby, .named("#other")]).messages == [stored[2]])
      #expect(try log.store(.said("next secret")).sequence == 4)
      #expect(try log.find("secret").messages.map(\.sequence) == [4])
      try log.finishIndexing()
      #expect(try log.find("secret").messages.map(\.sequence) == [4])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `redacting an unknown message or that of another author does nothing`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let stored = try log.store([.said("a"), .said("b", by: "akash"), .whispered("c", by: "neha", to: "akash")])
      let pair = try Conversation.between("neha", "akash")
      for sequence in [0, 3, -1, Int.min, .max] { #expect(try redact(sequence, log) == nil) }
      #expect(try redact(1, in: .named("#never"), log) == nil)
      #expect(try redact(1, in: .between("neha", "mira"), log) == nil)
      #expect(try redact(1, by: "akash", log) == nil)
      #expect(try redact(1, in: pair, by: "akash", log) == nil)
      #expect(try log.latest() + log.latest(in: pair) == stored)
      #expect(try redact(1, in: pair, by: "neha", log) == stored[2])
      #expect(try redact(2, by: "akash", log) == stored[1])
      #expect(try log.latest().map(\.text) == ["a", ""])
      #expect(try log.latest(in: pair).map(\.kind) == [.redacted])
      #expect(try log.state(of: .named("akash")).correspondents.map(\.name.text) == ["neha"])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a message is redacted only once`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let stored = try log.store(.said("a"))
      #expect(try redact(1, log) == stored)
      let redacted = try log.latest()
      for _ in 0..<2 { #expect(try redact(1, by: "neha", log) == redacted.first) }
      #expect(try redact(1, by: "akash", log) == nil)
      #expect(try log.latest() == redacted)
    }
  }

  @Test(arguments: LogKind.allCases)
  func `a redacted message that is sent again is answered with the redacted one`(kind: LogKind) throws {
    try kind.use { (log) throws in
      let message = try NewMessage.said("secret", key: "k")
      try log.store([.said("other"), message])
      _ = try redact(2, log)
      let redacted = try #require(try log.latest().last)
      // The log no longer has the text, so it cannot compare it.
      for again in [message, try .said("something else", key: "k")] {
        #expect(try log.append([again], at: .noon.advanced(by: 5)) == [.duplicate(redacted)])
      }
      #expect(try log.append([.said("secret", in: "#other", key: "k")], at: .noon) == [.conflict])
      #expect(try log.latest().count == 2)
      #expect(try log.rooms().map(\.name.text) == ["#lobby"])
    }
  }

  @Test(arguments: LogKind.allCases)
  func `redacting a topic clears it even after its message was pruned`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for isPruned in [false, true] {
        let topics = try log.store([
          .said("old topic", kind: .topic), .said("new topic", by: "akash", kind: .topic), .said("x"),
        ])
        if isPruned { try log.finishPruning(Retention(count: 1)) }
        #expect(try log.rooms().map(\.topic) == [topics[1]])
        #expect(try redact(topics[0].sequence, log) == (isPruned ? nil : topics[0]))
        #expect(try redact(topics[1].sequence, by: "neha", log) == nil)
        #expect(try log.rooms().map(\.topic) == [topics[1]])
        #expect(try redact(topics[1].sequence, by: "akash", log) == topics[1])
        #expect(try log.rooms().map(\.topic) == [nil])
        if isPruned { #expect(try redact(topics[1].sequence, log) == nil) }
      }
      let topic = try log.store(.said("again", kind: .topic))
      #expect(try log.rooms().map(\.topic) == [topic])
    }
  }

  @Test(arguments: LogKind.allCases, Indexed.allCases)
  func `a redacted message is pruned like any other`(kind: LogKind, indexed: Indexed) throws {
    try kind.use { (log) throws in
      try log.store((1...6).map { try .said("word \($0)", key: "k\($0)") })
      if indexed == .before { try log.finishIndexing() }
      for sequence in [1, 4, 6] { _ = try redact(sequence, log) }
      if indexed == .after { try log.finishIndexing() }
      try log.finishPruning(Retention(count: 3))
      #expect(try log.latest().map(\.text) == ["", "word 5", ""])
      #expect(try log.find("word").messages.map(\.sequence) == [5])
      #expect(try redact(1, log) == nil)
      #expect(try log.store(.said("anew", key: "k1")).sequence == 7)
    }
  }
}
