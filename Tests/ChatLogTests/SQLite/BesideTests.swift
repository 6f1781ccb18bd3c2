import ChatProtocol
import ChatRecords
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ChatLog

/// A server that writes while other programs read, prune and maintain the log.
@Suite(.computing) struct BesideTests {
  @Test(arguments: SeededGenerator.seeds(2))
  func `the log is pruned, read, exported and verified while it is written`(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path, busyTimeout: .seconds(30))
    try log.store(.said("word 1"))
    let isDone = Atomic(false)
    let complaints = Complaints()
    let started = MonotonicTime.now()
    let threads: [Thread] = [
      complaints.thread {
        let helper = try SQLiteLog(directory: folder.path, for: .helper, busyTimeout: .seconds(30))
        while !isDone.load(ordering: .acquiring) { _ = try helper.prune(Retention(count: 500), at: .noon) }
      },
      complaints.thread {
        while !isDone.load(ordering: .acquiring) {
          let page = try log.page(.latest, limit: 300)
          let sequences = page.messages.map(\.sequence)
          if zip(sequences, sequences.dropFirst()).contains(where: { $0 + 1 != $1 }) { complaints.add("a hole") }
          if page.messages.contains(where: { $0.text != "word \($0.sequence)" }) { complaints.add("another text") }
          let found = try log.find("word", limit: 50).messages
          if found.isEmpty || found.map(\.id) != found.map(\.id).sorted(by: >) { complaints.add("found out of order") }
        }
      },
      complaints.thread {
        while !isDone.load(ordering: .acquiring) {
          for finding in try folder.findings() { complaints.add(finding) }
          var last = 0
          try LogArchive(directory: folder.path).export(LogArchive.Selection()) { message in
            if message.id <= last { complaints.add("exported out of order") }
            last = message.id
            return true
          }
        }
      },
    ]
    for thread in threads { thread.start() }
    var generator = SeededGenerator(seed: seed)
    var sequence = 1
    // However slow the machine is, there are more messages than are kept.
    while sequence < 20_000, sequence < 1000 || MonotonicTime.now() - started < .seconds(20) {
      let messages = try (0..<generator.number(1...200)).map { try NewMessage.said("word \(sequence + 1 + $0)") }
      let stored = try log.store(messages)
      #expect(stored.map(\.sequence) == Array((sequence + 1)...(sequence + messages.count)), "\(generator)")
      sequence += messages.count
      if generator.chance(1, in: 3) { _ = try log.catchUp() }
      if generator.chance(1, in: 9) { _ = try log.prune(Retention(count: 700), at: .noon) }
    }
    isDone.store(true, ordering: .releasing)
    complaints.wait(for: threads.count)
    #expect(complaints.all == [])
    try log.finishIndexing()
    try log.finishPruning(Retention(count: 500))
    #expect(try log.latest().map(\.sequence) == Array((sequence - 499)...sequence))
    #expect(try log.find("word", limit: 1000).messages.count == 500)
    #expect(try folder.findings() == [])
  }
}

/// Reads that take place at the same time.
@Suite(.computing) struct ParallelReadTests {
  /// The server's threads for pages and searches may use four connections, and its writing thread reads, too.
  @Test func `a fifth read does not wait for four others`() throws {
    let folder = try TemporaryFolder()
    _ = try SQLiteLog(directory: folder.path)
    let connections = try LogConnections(LogDirectory(path: folder.path), busyTimeout: .seconds(1))
    let (begun, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let complaints = Complaints()
    let threads = (0..<5).map { _ in
      complaints.thread {
        try connections.read { _ in
          begun.signal()
          mayEnd.wait()
        }
      }
    }
    for thread in threads { thread.start() }
    for _ in threads {
      #expect(begun.wait(timeout: .now() + Double(Patience.limit.components.seconds)) == .success)
    }
    for _ in threads { mayEnd.signal() }
    complaints.wait(for: threads.count)
    #expect(complaints.all == [])
  }
}

/// Failures on other threads.
private final class Complaints: Sendable {
  private let state = Mutex<[String]>([])
  private let ended = DispatchSemaphore(value: 0)

  var all: [String] { state.withLock { $0 } }

  func add(_ text: String) { state.withLock { $0.append(text) } }

  func thread(_ body: @escaping @Sendable () throws -> Void) -> Thread {
    Thread { [self] in
      do {
        try body()
      } catch {
        add("\(error)")
      }
      ended.signal()
    }
  }

  func wait(for count: Int) {
    for _ in 0..<count { ended.wait() }
  }
}
