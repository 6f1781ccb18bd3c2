import Foundation
import Testing

/// Every way out leaves the terminal as it was.
@Suite(.serialized)
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
    // What stood there before is there again.
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

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP]) func signals(number: Int32) async throws {
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
      // Nobody can do anything about SIGKILL but the others, who must hear of it.
      if number != SIGKILL { try await expectRestored(session, ending: "ended with \(128 + number)") }
      try await server.waitFor("left")
    }
  }

  @Test func theTerminalGoesAway() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      try await neha.hangUp()
      try await server.waitFor("leave.reason=quit")
      try await Patience.expectGone(neha.processID)
    }
  }

  @Test func suspendAndComeBack() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let shell = try await TerminalSession.start(
        in: workspace, command: "/bin/bash", arguments: ["--norc", "--noprofile", "-i"])
      try await shell.say("\(try Binary.path()) connect localhost:\(server.port) --name neha")
      try await shell.waitFor(text: "as neha")
      try await shell.press("C-z")
      try await shell.waitFor(text: "Stopped")
      #expect(try await !shell.snapshot().alternateOn)
      try await shell.resize(columns: 60, rows: 20)
      try await shell.say("fg")
      try await shell.waitFor("the chat at its new size") { $0.count == 20 && $0[0].hasPrefix(" 1 #lobby") }
      try await shell.say("back again")
      // There is no column for names at this width.
      try await shell.waitFor(text: "neha: back again")
    }
  }
}

extension Patience {
  /// Waits until there is no such process.
  static func expectGone(_ process: pid_t, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let isGone = try await answer { kill(process, 0) != 0 ? true : nil }
    #expect(isGone == true, "process \(process) still runs", sourceLocation: sourceLocation)
  }
}
