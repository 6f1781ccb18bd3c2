import ChatHub
import ChatLog
import ChatProtocol
import NIOPosix
import TestSupport
import Testing

@testable import ChatServer

/// Changes of who is who on their way to the disk.
@Suite struct RecordingTests {
  private static func act(_ number: Int) throws -> RegistryChange {
    .act(
      Act(
        time: Timestamp(milliseconds: Int64(number)), by: try #require(Nickname("root")), verb: .kick, subject: "@p",
        text: "\(number)"))
  }

  private static func ban(_ name: String, reason: String) throws -> RegistryChange {
    .sanction(
      Sanction(
        kind: .ban, subject: .name(try #require(Nickname(name))), until: nil, by: try #require(Nickname("root")),
        reason: reason))
  }

  private static func message(_ text: String) throws -> NewMessage {
    NewMessage(conversation: .lobby, author: try #require(Nickname("neha")), member: MemberID(1), text: text)
  }

  // MARK: What waits

  @Test func `what waits keeps its order`() throws {
    var pending = PendingChanges()
    let changes = try (0..<9).map { try Self.act($0) }
    pending.add(Array(changes[2..<4]))
    let taken = pending.take()
    #expect(taken == Array(changes[2..<4]))
    #expect(pending.isEmpty)
    pending.add(Array(changes[4...]))
    pending.putBack(taken)
    let all = pending.take()
    #expect(all == Array(changes[2...]))
  }

  @Test func `however long the disk fails, what waits has a bound, and the last word on everything`() throws {
    var pending = PendingChanges()
    for round in 0..<40 {
      pending.add(
        try (0..<500).flatMap { [try Self.act(round * 500 + $0), try Self.ban("p\($0)", reason: "\(round)")] })
      let taken = pending.take()
      pending.putBack(taken)
      #expect(pending.count <= 11_000)
    }
    let (lost, none) = (pending.takeLostActs(), pending.takeLostActs())
    #expect(lost > 0)
    #expect(none == 0)
    let log = MemoryLog()
    try log.record(pending.take())
    let state = try log.registry()
    #expect(state.sanctions.count == 500)
    #expect(state.sanctions.allSatisfy { $0.reason == "39" })
    // The newest acts are there, without a hole.
    let acts = try log.acts(limit: .max).map(\.text)
    #expect(acts == (lost..<20_000).reversed().map { "\($0)" })
  }

  @Test func `a pardon counts where it comes last`() throws {
    var pending = PendingChanges()
    let name = Subject.name(try #require(Nickname("akash")))
    pending.add([try Self.ban("Akash", reason: "a"), .pardon(.ban, name)])
    pending.add(try (0..<11_000).map { try Self.act($0) })
    let log = MemoryLog()
    try log.record([try Self.ban("akash", reason: "before")])
    try log.record(pending.take())
    #expect(try log.registry().sanctions == [])
  }

  // MARK: The thread that stores

  @Test func `many changes share a commit, and come before the messages behind them`() async throws {
    let log = RiggedLog()
    log.isHanging = true
    try await withWriter(log) { writer, _ in
      writer.carryOut(LogErrand(changes: [try Self.act(0)]))
      for number in 1..<100 {
        writer.carryOut(LogErrand(changes: [try Self.act(number)], messages: [try Self.message("\(number)")]))
      }
      log.isHanging = false
      try eventually("all is stored") { log.commits.reduce(0, +) == 99 }
      #expect(log.recordings.count <= 2 && log.recordings.reduce(0, +) == 100, "\(log.recordings)")
      #expect(try log.acts(limit: .max).map(\.text) == (0..<100).reversed().map { "\($0)" })
    }
  }

  @Test func `no message is stored before what was recorded before it`() async throws {
    let log = RiggedLog()
    log.failure = LogError(.full, "the disk is full")
    try await withWriter(log) { writer, outcomes in
      writer.carryOut(LogErrand(changes: [try Self.act(0)]))
      try eventually("it is tried") { outcomes.all == ["not recorded 1"] }
      for number in 1...3 {
        writer.carryOut(LogErrand(changes: [try Self.act(number)], messages: [try Self.message("\(number)")]))
        try eventually("it is answered") { outcomes.all.count == 1 + 2 * number }
        #expect(outcomes.all.suffix(2) == ["not recorded \(number + 1)", "not stored 1"])
      }
      #expect(try log.acts(limit: 9) == [])
      log.failure = nil
      // Without a message, too, it is tried again.
      writer.tidy(.index)
      try eventually("it is recorded") { outcomes.all.contains("recorded 4") }
      #expect(try log.acts(limit: 9).map(\.text) == ["3", "2", "1", "0"])
      #expect(log.recordings == [4])
      writer.tidy(.index)
      writer.store([try Self.message("4")])
      try eventually("it is stored") { outcomes.all.contains("stored 1") }
      #expect(log.recordings == [4])
    }
  }

  @Test func `at the end all is recorded, or the operator is told how much is not`() async throws {
    for fails in [false, true] {
      let log = RiggedLog()
      log.isHanging = true
      if fails { log.failure = LogError(.full, "the disk is full") }
      try await withWriter(log) { writer, outcomes in
        writer.store([try Self.message("0")])
        writer.carryOut(LogErrand(changes: try (0..<7).map { try Self.act($0) }))
        writer.finish()
        log.isHanging = false
        try eventually("it finishes") { outcomes.all.last?.hasPrefix("finished") == true }
        #expect(outcomes.all.last == (fails ? "finished without 7" : "finished without 0"))
        #expect(try log.acts(limit: 9).count == (fails ? 0 : 7))
      }
    }
  }

  @Test func `messages and erasures do not hold each other up`() async throws {
    let log = RiggedLog()
    log.isHanging = true
    try await withWriter(log) { writer, outcomes in
      for round in 0..<3 {
        writer.carryOut(
          LogErrand(
            messages: try (0..<5000).map { try Self.message("\(round) \($0)") },
            erasures: (0..<50).map {
              Erasure(id: EraseID(UInt64(round * 50 + $0)), conversation: .lobby, sequence: $0 + 1, author: nil)
            }))
      }
      log.isHanging = false
      try eventually("all is done") { log.erasures == 150 && log.commits.reduce(0, +) == 15_000 }
      // What is done is told a little later.
      try eventually("all is told") { outcomes.all.count { $0.hasPrefix("erased") } == 150 }
      #expect(outcomes.all.filter { $0.hasPrefix("erased") } == (0..<150).map { "erased \($0)" })
      // Neither waited for all of the other.
      let first = outcomes.all.firstIndex { $0.hasPrefix("stored") }
      #expect(first.map { $0 <= 1 } == true, "\(outcomes.all.prefix(5))")
    }
  }

  // MARK: Support

  /// What the writer said, in order.
  private func withWriter(
    _ log: RiggedLog, _ body: @escaping @Sendable (LogWriter, Outcomes) throws -> Void
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
