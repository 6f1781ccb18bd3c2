import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import NIOPosix
import TestSupport
import Testing

@testable import ChatServer

/// Registry changes on their way to the disk.
@Suite struct RecordingTests {
  private static func act(_ number: Int) throws -> RegistryChange {
    .act(
      Act(
        time: Timestamp(milliseconds: Int64(number)), by: try #require(Nickname("root")), verb: .kick, subject: "@p",
        text: "\(number)"))
  }

  private static func proposal(_ number: Int) throws -> ProposedChange {
    let change = SharedChange(ProposalID(UInt64(number)), changes: [try act(number)])
    return ProposedChange(change, stake: Stake(.change), received: 0)
  }

  private static func redaction(_ number: Int, of sequence: Int) -> RedactionRequest {
    RedactionRequest(
      id: RedactionID(UInt64(number)), conversation: .lobby, sequence: sequence, author: nil,
      note: RedactionNote(
        time: Timestamp(milliseconds: 1), by: Nickname(testing: "neha"), member: MemberID(1), subject: "", reason: ""))
  }

  private static func message(_ text: String) throws -> NewMessage {
    NewMessage(conversation: .lobby, author: try #require(Nickname("neha")), member: MemberID(1), text: text)
  }

  // MARK: The writer thread

  @Test func `many proposals share a commit, and alternate with messages`() async throws {
    let log = ControlledLog()
    log.isHanging = true
    try await withWriter(log) { writer, outcomes in
      writer.carryOut(WriteBatch(proposals: [try Self.proposal(0)]))
      for number in 1..<100 {
        writer.carryOut(WriteBatch(proposals: [try Self.proposal(number)], messages: [try Self.message("\(number)")]))
      }
      log.isHanging = false
      try eventually("all is stored") { log.commits.reduce(0, +) == 99 && log.recordings.reduce(0, +) == 100 }
      #expect(log.recordings.count <= 2, "\(log.recordings)")
      #expect(try log.acts(limit: .max).map(\.text) == (0..<100).reversed().map { "\($0)" })
      try eventually("all is told") { outcomes.all.count { $0.hasPrefix("recorded") } == log.recordings.count }
    }
  }

  @Test func `failed proposals are reported once and not stored later`() async throws {
    let log = ControlledLog()
    log.failure = LogError(.full, "the disk is full")
    try await withWriter(log) { writer, outcomes in
      writer.carryOut(WriteBatch(proposals: [try Self.proposal(1), try Self.proposal(2)]))
      try eventually("it is told") { outcomes.all == ["not recorded 1 2"] }
      log.failure = nil
      writer.tidy(.index)
      writer.carryOut(WriteBatch(proposals: [try Self.proposal(3)], messages: [try Self.message("hello")]))
      try eventually("the next are stored") { outcomes.all.contains("stored 1") && outcomes.all.contains("recorded 3") }
      #expect(try log.acts(limit: 9).map(\.text) == ["3"])
    }
  }

  @Test func `all proposals are answered before the end are answered`() async throws {
    for fails in [false, true] {
      let log = ControlledLog()
      log.isHanging = true
      if fails { log.failure = LogError(.full, "the disk is full") }
      try await withWriter(log) { writer, outcomes in
        writer.store([try Self.message("0")])
        writer.carryOut(WriteBatch(proposals: try (1...7).map { try Self.proposal($0) }))
        writer.finish()
        log.isHanging = false
        try eventually("it finishes") { outcomes.all.last == "finished" }
        #expect(outcomes.all.contains((fails ? "not " : "") + "recorded 1 2 3 4 5 6 7"), "\(outcomes.all)")
        #expect(try log.acts(limit: 9).count == (fails ? 0 : 7))
      }
    }
  }

  @Test func `proposals, messages and redactions do not delay each other`() async throws {
    let log = ControlledLog()
    log.isHanging = true
    try await withWriter(log) { writer, outcomes in
      writer.store([try Self.message("first")])
      try eventually("the log waits for the disk") { log.hasWaitingCall }
      writer.carryOut(
        WriteBatch(
          proposals: [try Self.proposal(1)], messages: try (0..<5000).map { try Self.message("\($0)") },
          redactions: (0..<50).map { Self.redaction($0, of: 1) }))
      log.isHanging = false
      try eventually("all is told") { outcomes.all.count == 1 + 1 + 2 + 50 }
      let kinds = outcomes.all.prefix(5).map { $0.prefix { $0 != " " } }
      #expect(kinds == ["stored", "recorded", "redacted", "stored", "redacted"])
    }
  }

  @Test func `messages and redactions do not delay each other`() async throws {
    let log = ControlledLog()
    log.isHanging = true
    try await withWriter(log) { writer, outcomes in
      for round in 0..<3 {
        writer.carryOut(
          WriteBatch(
            messages: try (0..<5000).map { try Self.message("\(round) \($0)") },
            redactions: (0..<50).map { Self.redaction(round * 50 + $0, of: $0 + 1) }))
      }
      log.isHanging = false
      try eventually("all is done") { log.redactions == 150 && log.commits.reduce(0, +) == 15_000 }
      // Results are reported a little later.
      try eventually("all is told") { outcomes.all.count { $0.hasPrefix("redacted") } == 150 }
      #expect(outcomes.all.filter { $0.hasPrefix("redacted") } == (0..<150).map { "redacted \($0)" })
      // Neither waited for all of the other.
      let first = outcomes.all.firstIndex { $0.hasPrefix("stored") }
      #expect(first.map { $0 <= 1 } == true, "\(outcomes.all.prefix(5))")
    }
  }

  // MARK: Support

  /// Reports of the writer, in order.
  private func withWriter(
    _ log: ControlledLog, _ body: @escaping @Sendable (LogWriter, Outcomes) throws -> Void
  ) async throws {
    let thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
    let outcomes = Outcomes()
    let writer = LogWriter(log: log, thread: thread) { outcomes.add($0) }
    do {
      try await onThread { try body(writer, outcomes) }
    } catch {
      log.isHanging = false
      try await thread.shutdownGracefully()
      throw error
    }
    try await thread.shutdownGracefully()
  }
}
