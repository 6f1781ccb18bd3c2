import Foundation
import TestSupport
import Testing

/// The system calls of a server: those that send to a reader, and those that read and write files. Apart from those of the
/// server's clock, their number does not depend on how fast the machine is.
@Suite(.interacting, .enabled(if: FileCalls(of: getpid()) != nil, "counted on Linux"))
struct SystemCallTests {
  private struct Calls {
    /// Calls that read, also from sockets, and calls that write, not to sockets.
    var server: FileCalls
    /// Calls that sent to the reader that was sent to most often.
    var mostSends: Int
    /// The time in which the calls were made, in whole seconds, rounded up. In each second the server's clock ticks about
    /// three times, with one read each. A server that stores messages also looks for new ones to index, with about eleven
    /// reads, and indexes them, with about fifteen writes.
    var seconds: Int
  }

  private static let readers = 10

  /// - Parameters:
  ///   - options: of the server.
  ///   - batches: the number of messages in each write of the sender, who waits for their end before the next write.
  private func calls(_ options: @Sendable (Workspace) -> [String], batches: [Int]) async throws -> Calls {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace, options: ["--host", "127.0.0.1"] + options(workspace))
      var readers: [RawClient] = []
      for index in 0..<Self.readers {
        let reader = try RawClient.connect(port: server.port)
        try await reader.send("LOGIN reader\(index)\nPING\n")
        try await reader.waitFor("PONG\n")
        readers.append(reader)
      }
      var sent = 0
      func send(_ count: Int) async throws {
        let lines = (sent + 1...sent + count).map { "MSG message \($0)\n" }
        sent += count
        try await readers[0].send(lines.joined())
        try await readers[0].waitFor("MSG reader0 message \(sent)\n")
      }
      func waitForAll() async throws {
        for reader in readers { try await reader.waitFor("MSG reader0 message \(sent)\n") }
      }
      // The first message opens the room's log.
      try await send(1)
      try await waitForAll()
      let start = ContinuousClock.now
      let filesBefore = try #require(FileCalls(of: server.processID))
      let sendsBefore = try readers.map { try #require($0.arrivedSegments) }
      for count in batches { try await send(count) }
      try await waitForAll()
      let filesAfter = try #require(FileCalls(of: server.processID))
      let seconds = Int((ContinuousClock.now - start) / .seconds(1)) + 1
      let sends = try zip(readers, sendsBefore).map { try #require($0.arrivedSegments) - $1 }
      try await server.terminate()
      return Calls(server: filesAfter - filesBefore, mostSends: sends.max() ?? 0, seconds: seconds)
    }
  }

  @Test func `a message alone is sent once to each reader`() async throws {
    let calls = try await calls({ _ in [] }, batches: Array(repeating: 1, count: 100))
    // TCP repeats a segment whose acknowledgement is late.
    #expect(calls.mostSends <= 150, "\(calls)")
    // A read of the message, and one that finds nothing more.
    #expect(calls.server.reads <= 300 + 5 * calls.seconds && calls.server.writes <= 10, "\(calls)")
  }

  @Test func `messages that arrive together are sent together`() async throws {
    let calls = try await calls({ _ in [] }, batches: [2000])
    #expect(calls.mostSends <= 100, "\(calls)")
    // After every 256 messages the server writes to itself, to serve others first.
    #expect(calls.server.reads <= 100 + 5 * calls.seconds && calls.server.writes <= 12, "\(calls)")
  }

  @Test func `a stored message alone costs a few reads and writes`() async throws {
    let calls = try await calls({ ["--data", $0.data.path] }, batches: Array(repeating: 1, count: 100))
    #expect(calls.mostSends <= 150, "\(calls)")
    // About five and eleven, with the search index.
    let (reads, writes) = (1000 + 20 * calls.seconds, 2000 + 40 * calls.seconds)
    #expect(calls.server.reads <= reads && calls.server.writes <= writes, "\(calls)")
  }

  @Test func `messages that arrive together are stored together`() async throws {
    let calls = try await calls({ ["--data", $0.data.path] }, batches: [2000])
    #expect(calls.mostSends <= 100, "\(calls)")
    let (reads, writes) = (1000 + 20 * calls.seconds, 1000 + 40 * calls.seconds)
    #expect(calls.server.reads <= reads && calls.server.writes <= writes, "\(calls)")
  }
}

/// Counts of calls such as `read`, `pread`, `write` and `pwrite`. Those of `send` and `recv` are not counted.
private struct FileCalls {
  var reads: Int
  var writes: Int

  /// - Returns: nil if the system does not count them.
  init?(of process: pid_t) {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/io", encoding: .utf8) else { return nil }
    func count(_ name: String) -> Int? {
      text.split(separator: "\n").first { $0.hasPrefix("\(name): ") }.flatMap { Int($0.dropFirst(name.count + 2)) }
    }
    guard let reads = count("syscr"), let writes = count("syscw") else { return nil }
    self.init(reads: reads, writes: writes)
  }

  private init(reads: Int, writes: Int) {
    self.reads = reads
    self.writes = writes
  }

  static func - (left: FileCalls, right: FileCalls) -> FileCalls {
    FileCalls(reads: left.reads - right.reads, writes: left.writes - right.writes)
  }
}
