import ChatProtocol
import ChatRecords
import Foundation
import TestSupport
import Testing

@testable import ChatLog

/// A database that is killed, paused or not there: every confirmed message is there once, and calls end.
@Suite(.blocking) struct PostgresCrashTests {
  /// Messages without a key of the client are no less safe: the log must find out by itself what became of them.
  @Test func `a database killed within appends loses no confirmed message and stores none twice`() async throws {
    let server = try PostgresServer()
    let database = try server.database()
    let log = try PostgresLog(database.logURL)
    var generator = SeededGenerator()
    let progress = Progress()
    let thread = Thread {
      while let first = progress.next() {
        let count = 1 + first % 40
        guard let messages = try? (first..<first + count).map({ try NewMessage.said("m\($0)", key: key($0)) }) else {
          return progress.fail("no messages")
        }
        do throws(LogError) {
          let outcomes = try log.append(messages, at: .noon)
          guard outcomes.allSatisfy({ if case .stored = $0 { true } else { false } }) else {
            return progress.fail("\(outcomes)")
          }
          progress.add(count)
        } catch {
          // Nothing was stored: the same messages are sent again.
          guard error.cause == .unreachable || error.cause == .locked else { return progress.fail("\(error)") }
        }
      }
      progress.end()
    }
    thread.start()
    defer { progress.stop() }
    for _ in 0..<5 {
      try #require(progress.waitForMore(generator.number(1...400)), "\(progress.failure ?? "")")
      try server.kill()
      try server.start()
    }
    try #require(progress.waitForMore(100), "\(progress.failure ?? "")")
    progress.stop()
    try #require(progress.waitForEnd() == nil, "\(progress.failure ?? "")")
    let stored = try log.latest()
    #expect(stored.map(\.text) == (0..<progress.count).map { "m\($0)" }, "\(generator)")
    #expect(stored.map(\.sequence) == Array(1..<(stored.count + 1)))
    #expect(stored.map(\.id) == stored.map(\.id).sorted())
  }

  @Test func `a call during an outage fails soon, and a later one works`() throws {
    let server = try PostgresServer()
    let database = try server.database()
    let log = try PostgresLog(database.logURL, clock: .caller(now: { .noon }))
    try log.store(.said("before"))
    try server.kill()
    let start = MonotonicTime.now()
    for _ in 0..<2 {
      for call in [
        { _ = try log.append([.said("lost")], at: .noon) }, { _ = try log.latest() },
        { try log.record([.act(.of(1))]) }, { _ = try log.catchUp() },
      ] as [() throws -> Void] {
        let error = #expect(throws: LogError.self) { try call() }
        #expect(error?.cause == .unreachable)
      }
    }
    // Less than the time limits of these calls together.
    #expect(MonotonicTime.now() - start < .seconds(25))
    try server.start()
    #expect(try log.store(.said("after")).sequence == 2)
    #expect(try log.latest().map(\.text) == ["before", "after"])
    #expect(try log.acts(limit: 9) == [])
  }

  @Test func `a lock that another client holds delays only writes`() throws {
    let database = try PostgresServer.shared.get().database()
    let log = try PostgresLog(database.logURL)
    try log.store(.said("a"), at: .noon)
    let holder = try PostgresConnection(database.logURL)
    try holder.run("SET idle_in_transaction_session_timeout = 0; BEGIN; SELECT FROM log FOR UPDATE")
    let error = #expect(throws: LogError.self) { try log.append([.said("b")], at: .noon) }
    // On a loaded machine, the time of the statement may be over before that of the lock.
    #expect(error?.cause == .locked || error?.cause == .interrupted)
    #expect(try log.latest().map(\.text) == ["a"])
    #expect(try log.rooms().count == 1)
    try holder.run("ROLLBACK")
    #expect(try log.append([.said("b")], at: .noon).count == 1)
  }

  @Test func `nothing of a server is left behind`() throws {
    var server: PostgresServer? = try PostgresServer()
    let directory = try #require(server).directory
    #expect(FileManager.default.fileExists(atPath: "\(directory)/data/postmaster.pid"))
    server = nil
    #expect(!FileManager.default.fileExists(atPath: directory))
  }
}

private func key(_ number: Int) -> String? { number.isMultiple(of: 2) ? nil : "k\(number)" }

/// The number of messages that a thread has stored.
private final class Progress: @unchecked Sendable {
  private let condition = NSCondition()
  private var value = 0
  private var isStopping = false
  private var isOver = false
  private var reason: String?

  var count: Int { condition.withLock { value } }
  var failure: String? { condition.withLock { reason } }

  /// - Returns: nil after `stop`.
  func next() -> Int? { condition.withLock { isStopping ? nil : value } }

  func add(_ number: Int) { change { value += number } }
  func stop() { change { isStopping = true } }
  func end() { change { isOver = true } }

  func fail(_ text: String) {
    change {
      reason = text
      isOver = true
    }
  }

  private func change(_ body: () -> Void) {
    condition.withLock {
      body()
      condition.broadcast()
    }
  }

  /// - Returns: false if the thread ended.
  func waitForMore(_ number: Int) -> Bool {
    condition.withLock {
      let wanted = value + number
      while value < wanted, !isOver { condition.wait() }
      return !isOver
    }
  }

  /// - Returns: the reason of a failure.
  func waitForEnd() -> String? {
    condition.withLock {
      while !isOver { condition.wait() }
      return reason
    }
  }
}
