import ChatProtocol
import ChatRecords
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ChatLog

/// Changes whose answers are lost. The database waits for a standby that does not exist: it has stored a change, does
/// not answer, and shows the change to nobody.
@Suite(.blocking) struct PostgresDoubtTests {
  private let server: PostgresServer
  private let database: PostgresDatabase

  init() throws {
    server = try PostgresServer()
    database = try server.database()
  }

  /// - Parameter name: the standby that must confirm each commit; nil for none.
  private func waitForStandby(_ name: String?) throws {
    // Neither statement waits for the standby.
    let setting = "synchronous_standby_names"
    try database.run(name.map { "ALTER SYSTEM SET \(setting) = '\($0)'" } ?? "ALTER SYSTEM RESET \(setting)")
    try database.run("SELECT pg_reload_conf()")
  }

  /// Waits until a query has rows, as long as the work does not fail.
  /// - Returns: the first line of its output.
  private func answer(to query: String, while work: RepeatedWork) async throws -> String {
    let line = try await Patience.answer { () throws -> String? in
      if let failure = work.failure { throw WorkFailure(description: failure) }
      let rows = try database.run(query)
      return rows.isEmpty ? nil : rows
    }
    return try #require(line, "\(query)").split(separator: "\n").first.map(String.init) ?? ""
  }

  /// Waits until a commit waits for the standby.
  /// - Returns: the number of its process.
  private func unconfirmedCommit(of work: RepeatedWork) async throws -> String {
    try await answer(to: "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'", while: work)
  }

  private func end(_ work: RepeatedWork) async throws {
    work.stop()
    _ = try await Patience.answer { work.isOver ? true : nil }
    try #require(work.isOver && work.failure == nil, "\(work.failure ?? "it does not end")")
  }

  /// Appends one message after the other. Each must be new.
  private func appending(to log: PostgresLog) -> RepeatedWork {
    RepeatedWork { number in
      let outcomes = try log.append([.said("m\(number)")], at: .noon)
      guard outcomes.count == 1, case .stored = outcomes[0] else {
        throw WorkFailure(description: "message \(number): \(outcomes)")
      }
    }
  }

  @Test func `a message that no standby has confirmed is shown to nobody, however long it takes`() async throws {
    let (one, two) = (try PostgresLog(database.logURL), try PostgresLog(database.logURL))
    _ = try one.begin("one:4000")
    let place = try two.begin("two:4000").place
    try waitForStandby("nobody")
    let work = appending(to: one)
    defer {
      work.stop()
      try? waitForStandby(nil)
    }
    let process = try await unconfirmedCommit(of: work)
    let confirmed = work.count
    // The node has lost patience, and has looked at least once for the process of its lost connection.
    let isRepeating = """
      SELECT 1 FROM pg_stat_activity
      WHERE query LIKE '%pg_terminate_backend%' AND state = 'idle' AND pid <> pg_backend_pid()
      """
    func mustBeUnseen() throws {
      var (seen, last) = (0, place)
      while true {
        let items = try two.entries(after: last, waiting: .zero)
        guard let end = items.last?.place else { break }
        (seen, last) = (seen + items.count, end)
      }
      try #require(seen == confirmed)
      #expect(try two.latest().count == confirmed)
    }
    let hasRepeated = try await Patience.answer { () throws -> Bool? in
      try mustBeUnseen()
      return try database.run(isRepeating).isEmpty ? nil : true
    }
    #expect(hasRepeated == true)
    try mustBeUnseen()
    #expect(try database.run("SELECT wait_event FROM pg_stat_activity WHERE pid = \(process)") == "SyncRep")
    try waitForStandby(nil)
    try await end(work)
    #expect(work.count > confirmed)
    #expect(try two.latest().map(\.text) == (1...work.count).map { "m\($0)" })
  }

  @Test func `a message whose answer is lost is stored once, also if its repetition fails at first`() async throws {
    let log = try PostgresLog(database.logURL)
    // The conversation is made in a transaction of its own, without the lock.
    _ = try log.append([.said("m0")], at: .noon)
    let holder = Holder(try PostgresConnection(database.logURL))
    try waitForStandby("nobody")
    let work = appending(to: log)
    defer {
      work.stop()
      try? waitForStandby(nil)
    }
    let process = try await unconfirmedCommit(of: work)
    // It gets the lock of the log's row before the repetition can.
    let isHolding = holder.hold()
    let waiting = "FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    _ = try await answer(to: "SELECT pid \(waiting)", while: work)
    try database.run("SELECT pg_terminate_backend(\(process))")
    _ = try await Patience.answer { isHolding.isOver ? true : nil }
    try #require(isHolding.isOver && isHolding.failure == nil, "\(isHolding.failure ?? "it has no lock")")
    try waitForStandby(nil)
    // The second transaction that waits is one after a failure.
    let first = try await answer(to: "SELECT xact_start \(waiting)", while: work)
    _ = try await answer(to: "SELECT xact_start \(waiting) AND xact_start <> '\(first)'", while: work)
    try holder.letGo()
    try await end(work)
    #expect(try log.latest().map(\.text) == (0...work.count).map { "m\($0)" })
  }

  /// Appends a message, and ends its process before it is stored.
  /// - Parameter change: what happens to the database before that.
  /// - Returns: the work, which goes on with the repetition. The holder must let go.
  private func interruptedAppend(
    to log: PostgresLog, _ holder: Holder, _ change: () throws -> Void
  ) async throws -> RepeatedWork {
    // The conversation is made in a transaction of its own, without the lock.
    _ = try log.append([.said("m0")], at: .noon)
    let isHolding = holder.hold()
    _ = try await Patience.answer { isHolding.isOver ? true : nil }
    try #require(isHolding.isOver && isHolding.failure == nil, "\(isHolding.failure ?? "it has no lock")")
    try change()
    let work = RepeatedWork { _ in
      let message = try NewMessage.said("m1")
      do throws(LogError) { _ = try log.append([message], at: .noon) } catch {
        // It has waited too long for the lock; on a loaded machine, the time of the statement may be over first.
        guard error.cause == .locked || error.cause == .interrupted else { throw error }
      }
    }
    // One that begins to wait: after 4 s it ends by itself, and nothing would be in doubt.
    let isEnded = """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE wait_event_type = 'Lock' AND query LIKE '%submit_1%' AND query_start > clock_timestamp() - interval '2 s'
      """
    do { _ = try await answer(to: isEnded, while: work) } catch {
      work.stop()
      throw error
    }
    return work
  }

  @Test func `a message whose answer is lost is refused if it was not stored, and cannot be`() async throws {
    let log = try PostgresLog(database.logURL)
    let holder = Holder(try PostgresConnection(database.logURL))
    let work = try await interruptedAppend(to: log, holder) {
      try database.run(
        """
        CREATE FUNCTION swiftchat.refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON swiftchat.messages EXECUTE FUNCTION swiftchat.refuse()
        """)
    }
    defer { work.stop() }
    try holder.letGo()
    _ = try await Patience.answer { work.isOver ? true : nil }
    #expect(work.failure?.contains("there is no room on the database's disk") == true, "\(work.failure ?? "none")")
    try database.run("DROP TRIGGER refuse ON swiftchat.messages")
    try log.store(.said("m2"))
    #expect(try log.latest().map(\.text) == ["m0", "m2"])
  }

  @Test func `repetitions of a change in doubt are reported, and can be abandoned`() async throws {
    let log = try PostgresLog(database.logURL)
    let holder = Holder(try PostgresConnection(database.logURL))
    let reasons = Mutex<[LogError]>([])
    log.beforeRepetition { error in
      reasons.withLock { reasons in
        reasons.append(error)
        return reasons.count < 3
      }
    }
    let work = try await interruptedAppend(to: log, holder) {
      // Connections that are open may still write.
      try database.run("ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
    }
    defer { work.stop() }
    _ = try await Patience.answer { work.isOver ? true : nil }
    #expect(work.failure?.contains("the database is read-only") == true, "\(work.failure ?? "none")")
    #expect(reasons.withLock { $0.map(\.cause) } == [.unreachable, .unreachable, .unreachable])
    try holder.letGo()
  }

  @Test func `a redaction whose answer is lost returns the message as it was`() async throws {
    let log = try PostgresLog(database.logURL)
    let stored = try log.store((1...2000).map { try .said("m\($0)", kind: $0.isMultiple(of: 2) ? .topic : .text) })
    try waitForStandby("nobody")
    let work = RepeatedWork { number in
      let message = try log.redact(.lobby, sequence: number, author: nil)
      guard number <= stored.count, message == stored[number - 1] else {
        throw WorkFailure(description: "redaction \(number): \(String(describing: message))")
      }
    }
    defer {
      work.stop()
      try? waitForStandby(nil)
    }
    let process = try await unconfirmedCommit(of: work)
    try database.run("SELECT pg_terminate_backend(\(process))")
    // Otherwise it may get through all messages before the test goes on.
    work.stop()
    try waitForStandby(nil)
    try await end(work)
    #expect(try log.latest().prefix { $0.kind == .redacted }.count == work.count)
  }

  @Test func `a node whose beginning has no answer is not left behind when it begins again`() async throws {
    let log = try PostgresLog(database.logURL)
    try waitForStandby("nobody")
    // The database may not wait for the standby yet.
    let work = RepeatedWork { _ in _ = try log.begin("host:4000") }
    defer {
      work.stop()
      try? waitForStandby(nil)
    }
    let process = try await unconfirmedCommit(of: work)
    work.stop()
    try database.run("SELECT pg_terminate_backend(\(process))")
    try waitForStandby(nil)
    try await end(work)
    #expect(try log.nodes().count == work.count)
    // The one without an answer was stored, too.
    #expect(try database.run("SELECT last_node > \(work.count) FROM swiftchat.log") == "t")
  }
}

private struct WorkFailure: Error, CustomStringConvertible {
  let description: String
}

/// Calls a function with 1, 2, 3 and so on, on a thread of its own, until it is stopped or the function fails.
private final class RepeatedWork: Sendable {
  private struct State {
    var count = 0
    var isStopping = false
    var isOver = false
    var failure: String?
  }

  private let state = Mutex(State())

  /// The number of calls that have returned.
  var count: Int { state.withLock { $0.count } }
  var isOver: Bool { state.withLock { $0.isOver } }
  var failure: String? { state.withLock { $0.failure } }

  init(_ body: @escaping @Sendable (Int) throws -> Void) {
    Thread.detachNewThread { [self] in
      repeat {
        do {
          try body(count + 1)
          state.withLock { $0.count += 1 }
        } catch {
          state.withLock { $0.failure = "\(error)" }
        }
      } while !state.withLock { $0.isStopping || $0.failure != nil }
      state.withLock { $0.isOver = true }
    }
  }

  func stop() { state.withLock { $0.isStopping = true } }
}

/// A client that holds the lock of the log's row.
private final class Holder: @unchecked Sendable {
  // Unchecked, because connections are not Sendable: the thread of `hold` uses it first, and the test afterwards.
  private let connection: PostgresConnection

  init(_ connection: PostgresConnection) { self.connection = connection }

  /// - Returns: over when the client has the lock.
  func hold() -> RepeatedWork {
    let work = RepeatedWork { [self] _ in
      try connection.run(
        """
        SET lock_timeout = 0; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; BEGIN;
        SELECT FROM log FOR UPDATE
        """, within: Patience.limit)
    }
    work.stop()
    return work
  }

  func letGo() throws { try connection.run("ROLLBACK") }
}
