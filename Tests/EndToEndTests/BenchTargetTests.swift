import Foundation
import Synchronization
import TestSupport
import Testing

/// Benchmarks of servers with faults, which are reported.
@Suite(.interacting, .serialized)
struct BenchTargetTests {
  /// Runs a benchmark against a server with these answers.
  private func run(
    _ arguments: [String], against answer: @escaping @Sendable (String, Substring) -> [FaultyServer.Act]
  ) async throws -> Outcome {
    try await Workspace.use { workspace in
      let server = try FaultyServer()
      async let _: Void = server.serve(answer)
      return try await run(arguments, port: server.port, in: workspace)
    }
  }

  private func run(_ arguments: [String], port: Int, in workspace: Workspace) async throws -> Outcome {
    try await Outcome(
      of: try workspace.launch(try Binary.path(), ["bench"] + arguments + ["--target", "\(port)"]))
  }

  private func expectFailure(
    _ outcome: Outcome, _ complaint: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == .exited(1), "\(outcome)", sourceLocation: sourceLocation)
    #expect(outcome.errors == "Error: \(complaint)\n", "\(outcome)", sourceLocation: sourceLocation)
  }

  /// A server without faults for `ping --clients 1`.
  private static func answer(_ line: Substring) -> [FaultyServer.Act] {
    if line.hasPrefix("LOGIN ") { return [.say("OK\n")] }
    switch line {
    case "PING": return [.say("PONG\n")]
    case "WHO": return [.say("USER pinger\nUSER b00000\n")]
    case "QUIT": return [.hangUp]
    default: return []
    }
  }

  private static let fanout = ["fanout", "--clients", "1", "--senders", "1", "--seconds", "600"]

  // MARK: Wrong messages

  @Test func `bench dm detects an altered letter in the messages of every client`() async throws {
    let outcome = try await run(["dm", "--pairs", "2", "--window", "1", "--seconds", "0.1"]) { name, line in
      guard line.hasPrefix("DM ") else { return Self.answer(line) }
      let words = line.split(separator: " ")
      guard words.count == 3 else { return [] }
      let reader = String(words[1])
      var text = String(words[2])
      // All other clients get what was sent.
      if reader == "b00000" {
        text.removeLast()
        text.append("?")
      }
      return [.tell(reader, "DM \(name) \(text)\n")]
    }
    #expect(outcome.status == .exited(1), "\(outcome)")
    let complaint = "Error: client b00000 got a message that was not sent, or not in this order: 'DM b00001 "
    #expect(outcome.errors.hasPrefix(complaint), "\(outcome)")
  }

  @Test(arguments: [
    (["fanout", "--clients", "1", "--senders", "1", "--tagged", "1"], "client b00000"),
    (["connect", "--clients", "1"], "b0"),
  ])
  func `a line without an end is an error`(arguments: [String], client: String) async throws {
    let outcome = try await run(arguments + ["--seconds", "600"]) { _, line in
      line.hasPrefix("LOGIN ") ? [.say(String(repeating: "x", count: 64 * 1024))] : Self.answer(line)
    }
    #expect(outcome.status == .exited(1), "\(outcome)")
    #expect(outcome.errors.contains("\(client) cannot log in: 'xxxxxxxx"), "\(outcome)")
  }

  @Test func `an unexpected line is reported with its own text`() async throws {
    let outcome = try await run(Self.fanout) { _, line in
      line.hasPrefix("LOGIN ") ? [.say("OK\nINFO hello\n")] : Self.answer(line)
    }
    expectFailure(outcome, "client b00000 got a line that nobody sent: 'INFO hello'")
  }

  // MARK: Refusals

  @Test(arguments: ["0", "1"]) func `bench fanout reports a login that is refused`(tagged: String) async throws {
    let outcome = try await run(Self.fanout + ["--tagged", tagged]) { _, line in
      line.hasPrefix("LOGIN ") ? [.say("ERR username-taken\n")] : Self.answer(line)
    }
    expectFailure(outcome, "client b00000 cannot log in: 'ERR username-taken'")
  }

  @Test(arguments: ["pinger", "b00000"])
  func `bench ping prints nothing that controls the terminal`(refused: String) async throws {
    let outcome = try await run(["ping", "--clients", "1", "--seconds", "600"]) { name, line in
      line == "LOGIN \(refused)" ? [.say("ERR \u{1b}]0;x\u{7}\r\n")] : Self.answer(line)
    }
    #expect(outcome.status == .exited(1), "\(outcome)")
    #expect(outcome.errors.hasPrefix("Error: \(refused) "), "\(outcome)")
    #expect(outcome.errors.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == UInt8(ascii: "\n") }, "\(outcome)")
  }

  @Test func `bench ping reports what is refused later`() async throws {
    let outcome = try await run(["ping", "--clients", "1", "--seconds", "600"]) { name, line in
      name == "b00000" && line == "WHO" ? [.say("ERR no\n")] : Self.answer(line)
    }
    expectFailure(outcome, "b00000 was refused: 'ERR no'")
  }

  @Test(
    arguments: [
      (.hangUp, "the server hung up on pinger"), (.say("ERR no\n"), "pinger was refused: 'ERR no'"),
      (.reset, "pinger lost its connection: Connection reset by peer"),
    ] as [(FaultyServer.Act, String)])
  func `bench ping reports the end of the client that it measures`(act: FaultyServer.Act, complaint: String)
    async throws
  {
    let pings = Mutex(0)
    let outcome = try await run(["ping", "--clients", "1", "--seconds", "600"]) { name, line in
      guard name == "pinger", line == "PING" else { return Self.answer(line) }
      let count = pings.withLock { count in
        count += 1
        return count
      }
      return count > 10 ? [act] : Self.answer(line)
    }
    expectFailure(outcome, complaint)
  }

  @Test func `bench history needs a server with history`() async throws {
    let outcome = try await run(["history", "--messages", "1000"]) { _, line in Self.answer(line) }
    expectFailure(outcome, "this server has no history")
  }

  // MARK: Silence

  @Test(arguments: [
    (["ping", "--clients", "1"], "the server did not answer pinger"), (["history"], "the server did not answer h0"),
    (["connect", "--clients", "1"], "b0 got no answer to LOGIN"),
    (["fanout", "--clients", "1", "--senders", "1"], "not all clients could log in"),
  ])
  func `a server that does not answer is reported`(arguments: [String], complaint: String) async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      reserved.beSilent()
      let outcome = try await run(arguments + ["--patience", "0.1"], port: reserved.number, in: workspace)
      expectFailure(outcome, complaint)
    }
  }

  // The patience ends after the measurement.
  @Test(arguments: [("LOGIN b1", " got no answer to LOGIN"), ("QUIT", " the server does not close after QUIT")])
  func `bench connect notices a client that is never answered`(ignored: String, complaint: String) async throws {
    let arguments = ["connect", "--clients", "2", "--seconds", "0.1", "--patience", "3"]
    let last = try await Patience.answer { () async throws -> Outcome? in
      let outcome = try await run(arguments) { name, line in
        name == "b1" && line == ignored ? [] : Self.answer(line)
      }
      // On a loaded machine a login may take too long, which is reported first. Then the benchmark is run again.
      return ignored == "QUIT" && outcome.errors.hasSuffix(" got no answer to LOGIN\n") ? nil : outcome
    }
    let outcome = try #require(last)
    #expect(outcome.status == .exited(1), "\(outcome)")
    // On a loaded machine another one may wait, too.
    #expect(outcome.errors.hasSuffix("\(complaint)\n"), "\(outcome)")
  }

  @Test func `bench history notices a request that is never answered`() async throws {
    let outcome = try await run(["history", "--messages", "1000", "--patience", "2"]) { _, line in
      line.hasPrefix("LOGIN ") ? [.say("CAP ACK tags history\nSYNC #lobby e1 0\n")] : []
    }
    expectFailure(outcome, "the server did not answer h0")
  }

  // MARK: Silent clients

  /// Delivers a message of `fanout` to both clients. The sender is the last, because it then sends the next one.
  private static func deliver(_ message: String) -> [FaultyServer.Act] {
    ["b00001", "b00000"].map { .tell($0, message) }
  }

  @Test func `bench fanout keeps clients connected that send nothing`() async throws {
    // Messages before the first PING of the silent client, which comes after a third of the patience; nil after it.
    let held = Mutex<[String]?>([])
    let size = ["--clients", "2", "--senders", "1", "--window", "1", "--seconds", "0.1", "--patience", "15"]
    let outcome = try await run(["fanout"] + size) { name, line in
      if line.hasPrefix("MSG ") {
        let message = "MSG \(name) \(line.dropFirst("MSG ".count))\n"
        let isHeld = held.withLock { held in
          held?.append(message)
          return held != nil
        }
        return isHeld ? [] : Self.deliver(message)
      }
      guard name == "b00001", line == "PING" else { return Self.answer(line) }
      let messages = held.withLock { held in
        defer { held = nil }
        return held ?? []
      }
      return Self.answer(line) + messages.flatMap(Self.deliver)
    }
    #expect(outcome.status == .exited(0), "\(outcome)")
  }

  @Test func `bench ping keeps clients connected that write nothing`() async throws {
    // Sixteen write. One of them is served only when the silent one has sent PING, after a third of the patience.
    let arguments = ["ping", "--load", "messages", "--clients", "17", "--seconds", "0.1", "--patience", "15"]
    let outcome = try await run(arguments) { name, line in
      guard line == "PING", name != "pinger" else { return Self.answer(line) }
      return name == "b00016" ? [.say("PONG\n"), .tell("b00000", "PONG\n")] : []
    }
    #expect(outcome.status == .exited(0), "\(outcome)")
  }

  // MARK: Connections

  @Test(arguments: [(fanout, "client b00000"), (["history"], "h0"), (["connect"], "b"), (["ping"], "pinger")])
  func `a lost connection is reported in plain words`(arguments: [String], client: String) async throws {
    let outcome = try await run(arguments) { _, line in line.hasPrefix("LOGIN ") ? [.reset] : [] }
    #expect(outcome.status == .exited(1), "\(outcome)")
    #expect(outcome.errors.hasPrefix("Error: \(client)"), "\(outcome)")
    #expect(outcome.errors.hasSuffix(" lost its connection: Connection reset by peer\n"), "\(outcome)")
  }

  @Test(arguments: [(fanout, "client b00000"), (["history"], "h0"), (["connect"], "b"), (["ping"], "pinger")])
  func `a server without TLS is reported as such`(arguments: [String], client: String) async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      async let _: Void = listener.greet(with: "ERR unknown-command\n")
      let outcome = try await run(arguments + ["--tls"], port: listener.port, in: workspace)
      #expect(outcome.status == .exited(1), "\(outcome)")
      #expect(outcome.errors.hasPrefix("Error: \(client)"), "\(outcome)")
      #expect(outcome.errors.hasSuffix(" lost its connection: the server does not speak TLS\n"), "\(outcome)")
    }
  }

  @Test(arguments: [(fanout, "client b00000"), (["history"], "h0"), (["connect"], "b"), (["ping"], "pinger")])
  func `the end of a connection during the handshake is reported as such`(arguments: [String], client: String)
    async throws
  {
    try await Workspace.use { workspace in
      let listener = try Listener()
      async let _: Void = listener.greet(with: "") { $0.halfClose() }
      let outcome = try await run(arguments + ["--tls"], port: listener.port, in: workspace)
      #expect(outcome.status == .exited(1), "\(outcome)")
      #expect(outcome.errors.hasPrefix("Error: \(client)"), "\(outcome)")
      let complaint = " lost its connection: the server hung up during the TLS handshake\n"
      #expect(outcome.errors.hasSuffix(complaint), "\(outcome)")
    }
  }

  // MARK: The process

  @Test func `a process that does not exist is an error`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let outcome = try await run(
        // Above the largest number of a process.
        Self.fanout + ["--pid", "4194305"], port: reserved.number, in: workspace)
      expectFailure(outcome, "--pid 4194305: no such process, or another user's")
    }
  }

  @Test func `without the process of the server its usage is left out`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let outcome = try await run(
        ["fanout", "--clients", "2", "--senders", "1", "--seconds", "0.1"], port: server.port, in: workspace)
      #expect(outcome.status == .exited(0), "\(outcome)")
      #expect(outcome.output.contains("generator CPU") && !outcome.output.contains("server "), "\(outcome)")
      #expect(!outcome.output.contains("not known"), "\(outcome)")
    }
  }
}
