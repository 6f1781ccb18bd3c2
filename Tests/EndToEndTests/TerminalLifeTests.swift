import Foundation
import TestSupport
import Testing

/// Every end of the client restores the terminal.
@Suite(.interacting, .serialized)
struct TerminalLifeTests {
  /// Runs the client below a shell that compares the terminal's modes before and after, and outlives it.
  private func underShell(
    _ workspace: Workspace, port: Int, leave: (TerminalSession, pid_t) async throws -> Void
  ) async throws -> TerminalSession {
    let binary = try Binary.path()
    let script = """
      echo before-it; stty -a > before
      "\(binary)" connect localhost:\(port) --name neha
      echo "ended with $?"; stty -a > after
      cmp before after && echo "modes are the same"; read line
      """
    let session = try await TerminalSession.start(in: workspace, command: "/bin/sh", arguments: ["-c", script])
    try await session.waitFor(text: "as neha")
    #expect(try await session.snapshot().alternateOn)
    try await leave(session, try #require(children(of: session.processID).first))
    return session
  }

  private func expectRestored(_ session: TerminalSession, ending: String) async throws {
    try await session.waitFor(text: ending)
    try await session.waitFor(text: "modes are the same")
    let snapshot = try await session.snapshot()
    #expect(!snapshot.alternateOn)
    #expect(snapshot.isCursorVisible)
    // The earlier contents of the terminal are shown again.
    #expect(snapshot.rows[0] == "before-it")
  }

  @Test func quitting() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let session = try await underShell(workspace, port: server.port) { session, _ in try await session.say("/quit") }
      try await expectRestored(session, ending: "ended with 0")
      try await server.waitFor("leave.reason=quit")
    }
  }

  @Test(arguments: [SIGTERM, SIGINT]) func signals(number: Int32) async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let session = try await underShell(workspace, port: server.port) { _, child in kill(child, number) }
      try await expectRestored(session, ending: "ended with 0")
    }
  }

  @Test(arguments: [SIGSEGV, SIGABRT, SIGKILL]) func crashes(number: Int32) async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let session = try await underShell(workspace, port: server.port) { _, child in kill(child, number) }
      // SIGKILL cannot be handled, so only the disconnect is checked.
      if number != SIGKILL { try await expectRestored(session, ending: "ended with \(128 + number)") }
      try await server.waitFor("left")
    }
  }

  @Test func `the client ends when the terminal closes`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      try await neha.hangUp()
      try await server.waitFor("leave.reason=quit")
      try await Patience.expectGone(neha.processID)
    }
  }

  @Test func `the client suspends and continues`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let shell = try await TerminalSession.shell(in: workspace)
      try await shell.open(port: server.port)
      try await shell.press("C-z")
      try await shell.waitFor(text: "Stopped")
      #expect(try await !shell.snapshot().alternateOn)
      try await shell.resize(columns: 60, rows: 20)
      try await shell.say("fg")
      try await shell.waitFor("the chat at its new size") { $0.count == 20 && $0[0].hasPrefix(" 1 #lobby") }
      try await shell.say("back again")
      try await shell.waitForMessage("back again", from: "neha")
      // Otherwise the client would still write its files while the workspace is removed.
      let child = try #require(children(of: shell.processID).first)
      try await shell.press("C-q")
      try await Patience.expectGone(child)
    }
  }

  @Test func `in the background the client stops and draws nothing`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let shell = try await TerminalSession.shell(in: workspace)
      // The shell reports stopped jobs at once.
      try await shell.say("set -b; PS1='$ '")
      try await shell.say("\(try Binary.path()) connect localhost:\(server.port) --name neha &")
      try await shell.waitFor(text: "Stopped")
      #expect(try await !shell.snapshot().alternateOn)
      try await shell.say("fg")
      try await shell.waitFor(text: "as neha")
      try await shell.press("C-z")
      try await shell.waitForSnapshot("the shell") { !$0.alternateOn && $0.rows.contains { $0.hasPrefix("$") } }
      try await shell.say("clear")
      try await shell.waitFor("an empty screen") { $0.first == "$" }
      try await shell.say("bg")
      let rows = try await shell.waitFor(text: "Stopped")
      #expect(!rows.contains { $0.contains("#lobby") })
      #expect(try await !shell.snapshot().alternateOn)
      // After SIGSTOP, which cannot be handled, the client is in the background.
      try await shell.say("fg")
      try await shell.waitFor(text: "as neha")
      let child = try #require(children(of: shell.processID).first)
      kill(child, SIGSTOP)
      try await shell.waitFor(text: "Stopped")
      try await shell.say("clear; echo in the 'background'; bg")
      // Otherwise it might be the stop by SIGSTOP.
      try await shell.waitFor("the client stopped by itself") { rows in
        rows.contains("in the background") && rows.contains { $0.contains("Stopped") }
      }
      // In the background the client can still be ended.
      try await shell.say("kill %1")
      try await shell.waitFor(text: "Done")
      try await Patience.expectGone(child)
      try await server.waitFor("leave.reason=quit")
    }
  }

  @Test func `a client that must end when it comes to the foreground restores the terminal`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let shell = try await TerminalSession.shell(in: workspace)
      // The shell reports stopped jobs at once.
      try await shell.say("set -b; PS1='$ '")
      try await shell.open(port: server.port)
      let child = try #require(children(of: shell.processID).first)
      kill(child, SIGSTOP)
      try await shell.waitFor(text: "Stopped")
      try await shell.say("clear; echo in the 'background'; bg")
      try await shell.waitFor("the client stopped by itself") { rows in
        rows.contains("in the background") && rows.contains { $0.contains("Stopped") }
      }
      // In the background it has sent nothing.
      #expect(try await shell.snapshot().alternateOn)
      // The stopped client receives the signal when the shell continues it.
      kill(child, SIGTERM)
      try await shell.say("fg; echo \"ended with $?\"")
      try await shell.waitFor(text: "ended with 0")
      #expect(try await !shell.snapshot().alternateOn)
      try await Patience.expectGone(child)
      try await server.waitFor("leave.reason=quit")
    }
  }

  /// The number of occurrences of each sequence in the output to a terminal.
  private func count(_ sequences: [String], in output: String) -> [Int] {
    sequences.map { output.components(separatedBy: $0).count - 1 }
  }

  @Test(arguments: TerminalSession.WayOut.allCases) func `every mode is reset once`(
    way: TerminalSession.WayOut
  ) async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let shell = try await TerminalSession.shell(in: workspace, environment: ["TERM": "xterm-256color"])
      let file = workspace.folder.appendingPathComponent("output")
      try await shell.record(to: file)
      try await shell.open(port: server.port)
      try await shell.leave(by: way)
      let output = try await shell.recorded(in: file)
      let times = way == .suspend ? 2 : 1
      #expect(count(["\u{1B}[?1049h", "\u{1B}[?1049l"], in: output) == [times, times])
      // Curses saves and restores titles too.
      #expect(count(["\u{1B}[22;2t", "\u{1B}[23;2t"], in: output) == [times, times])
      #expect(count(["\u{1B}[22;0;0t", "\u{1B}[23;0;0t"], in: output) == [times, times])
      for mode in [1036, 1039] {
        #expect(
          count(["\u{1B}[?\(mode)s", "\u{1B}[?\(mode)h", "\u{1B}[?\(mode)r"], in: output) == [times, times, times])
      }
    }
  }

  @Test func `several lines that arrive at once wait for Enter`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      try await neha.send(Array("first of them\rsecond of them\r".utf8))
      try await neha.waitFor("both lines in the input") { rows in
        rows.contains(" #lobby› first of them") && rows.contains("         second of them")
      }
      try await neha.press("Enter")
      try await neha.waitForMessage("first of them", from: "neha")
      try await neha.waitForMessage("second of them", from: "neha")
    }
  }
}

extension Patience {
  /// Waits until the process no longer runs.
  static func expectGone(_ process: pid_t, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let isGone = try await answer { isRunning(process) ? nil : true }
    #expect(isGone == true, "process \(process) still runs", sourceLocation: sourceLocation)
  }

  private static func isRunning(_ process: pid_t) -> Bool {
    guard kill(process, 0) == 0 else { return false }
    #if os(Linux)
      // A zombie, which the first process of a container may never reap.
      let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
      return !status.isEmpty && !status.contains("State:\tZ")
    #else
      return true
    #endif
  }
}
