import Foundation
import TestSupport
import Testing

/// `swiftchat doctor` in a terminal, and without one.
@Suite(.interacting) struct DoctorTests {
  @Test func `in a terminal the widths are measured, and the Alt key is tried`() async throws {
    try await Workspace.use { workspace in
      // The program waits two seconds for the answers of tmux. If they come later, it is run again.
      let measured = try await Patience.answer { () async throws -> TerminalSession? in
        let session = try await TerminalSession.start(in: workspace, columns: 120, rows: 24, arguments: ["doctor"])
        let rows = try await session.waitFor("the question") { rows in
          rows.contains { $0.contains("Press Alt+A") || $0.contains("widths:") }
        }
        if !rows.contains(where: { $0.contains("widths:") }) { try await session.press("M-a") }
        let answer = try await session.waitFor("the widths") { rows in rows.contains { $0.contains("widths:") } }
        return answer.contains { $0.contains("ok   widths: accents, combining marks") } ? session : nil
      }
      let session = try #require(measured)
      let screen = try await session.screen().joined(separator: "\n")
      #expect(screen.contains("ok   Alt: sends Escape"))
      #expect(!screen.contains("Press Alt+A"))
      #expect(!screen.contains("4d73"), "the terminal has printed a question")
      #expect(screen.contains("ok   bracketed paste: "))
    }
  }

  @Test(arguments: [SIGTERM, SIGHUP]) func `a signal leaves the modes of the terminal as they were`(
    signal: Int32
  ) async throws {
    try await Workspace.use { workspace in
      let file = workspace.home.appendingPathComponent("doctor.pid")
      let doctor = "echo $$ > '\(file.path)'; exec '\(try Binary.path())' doctor"
      let script = "sh -c \"$0\"; echo ended; stty -a | grep -ow -- '-*icanon'; read line"
      let session = try await TerminalSession.start(
        in: workspace, columns: 120, rows: 24, command: "/bin/sh", arguments: ["-c", script, doctor])
      try await session.waitFor(text: "Press Alt+A")
      let process = try #require(pid_t(try String(contentsOf: file, encoding: .utf8).dropLast()))
      kill(process, signal)
      try await session.waitFor(text: "ended")
      try await session.waitFor("the modes") { $0.contains("icanon") }
    }
  }

  @Test func `without a terminal it checks what it can`() async throws {
    try await Workspace.use { workspace in
      for (language, status) in [("C.UTF-8", 0), ("C", 1)] as [(String, Int32)] {
        let child = try workspace.launch(
          try Binary.path(), ["doctor"], environment: ["LANG": language, "LC_ALL": "", "LC_CTYPE": "", "TERM": "xterm"])
        let outcome = try await Outcome(of: child)
        #expect(outcome.status == .exited(status), "\(child.report)")
        #expect(outcome.lines.count == 8)
        #expect(outcome.lines.first?.hasPrefix(status == 0 ? "ok   locale: C.UTF-8" : "fix  locale: C, ") == true)
      }
    }
  }
}
