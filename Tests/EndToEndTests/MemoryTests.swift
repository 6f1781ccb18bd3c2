import Foundation
import TestSupport
import Testing

/// The state that the client keeps between runs.
@Suite(.interacting, .serialized)
struct MemoryTests {
  private func conversations(_ workspace: Workspace) -> URL {
    workspace.state.appendingPathComponent("swiftchat/conversations", isDirectory: true)
  }

  private func start(_ workspace: Workspace, port: Int) async throws -> TerminalSession {
    try await TerminalSession.start(
      in: workspace, columns: 100, arguments: ["connect", "localhost:\(port)", "--name", "neha"])
  }

  private func permissions(of url: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
  }

  @Test func `the next run continues the conversations`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let server = try await ServerProcess.start(in: workspace, port: reserved.number)
      let first = try await start(workspace, port: server.port)
      try await first.waitFor(text: "as neha")
      try await first.waitFor(text: "● neha")
      try await first.press("F8")
      try await first.say("good morning")
      try await first.waitForMessage("good morning", from: "neha")
      try await first.say("/join garden")
      try await first.waitFor(text: "2 #garden")
      try await first.say("birches")
      try await first.waitForMessage("birches", from: "neha")
      try await server.terminate(SIGKILL)
      try await first.waitFor(text: "offline, again in")
      try await first.say("typed in the dark")
      // Lines that arrive at once would be a paste.
      try await first.waitFor(text: "--:--")
      try await first.type("half a tho")
      try await first.waitFor("the draft") {
        $0.last?.hasSuffix("› half a tho") == true && $0.contains { $0.contains("--:--") }
      }
      first.signal(SIGTERM)
      #expect(try await first.exitStatus() == .exited(0))

      // Without a server the earlier messages are still shown.
      let second = try await start(workspace, port: reserved.number)
      try await second.waitFor("the garden as it was left") { rows in
        rows[0].contains("2 #garden") && rows.last?.hasSuffix("› half a tho") == true
          && rows.author(of: "birches") == "neha" && rows.contains { $0.contains("--:--") }
      }
      let restarted = try await ServerProcess.start(in: workspace, port: reserved.number)
      try await second.waitForMessage("typed in the dark", from: "neha")
      try await second.press("C-c", "M-1")
      let rows = try await second.waitForMessage("good morning", from: "neha")
      #expect(rows.count { $0.contains("good morning") } == 1)
      #expect(!rows.contains { $0.contains("● neha") }, "the sidebar stays hidden after a restart")
      try await second.press("C-q")
      #expect(try await second.exitStatus() == .exited(0))

      let file = conversations(workspace).appendingPathComponent("localhost_\(restarted.port).json")
      #expect(try permissions(of: file) == 0o600)
      #expect(try permissions(of: conversations(workspace)) == 0o700)
      withExtendedLifetime(reserved) {}
    }
  }

  @Test func `typed text survives a kill`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let first = try await start(workspace, port: server.port)
      try await first.waitFor(text: "as neha")
      try await first.type("a long thought")
      let file = conversations(workspace).appendingPathComponent("localhost_\(server.port).json")
      let isKept = try await Patience.answer { () -> Bool? in
        (try? String(contentsOf: file, encoding: .utf8))?.contains("a long thought") == true ? true : nil
      }
      #expect(isKept == true)
      first.signal(SIGKILL)
      _ = try await first.exitStatus()
      let second = try await start(workspace, port: server.port)
      try await second.waitFor("the draft") { $0.last?.hasSuffix("› a long thought") == true }
    }
  }

  @Test func `two clients with one home lose no text`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let server = try await ServerProcess.start(in: workspace, port: reserved.number)
      let first = try await start(workspace, port: server.port)
      try await first.waitFor(text: "as neha")
      let second = try await start(workspace, port: server.port)
      try await second.waitFor(text: "as neha")
      try await server.terminate(SIGKILL)
      try await first.waitFor(text: "offline, again in")
      try await second.waitFor(text: "offline, again in")
      try await second.say("from the second")
      try await second.waitFor(text: "--:--")
      try await second.type("the second one's")
      try await second.waitFor("the draft") { $0.last?.hasSuffix("› the second one's") == true }
      try await second.press("C-q")
      #expect(try await second.exitStatus() == .exited(0))
      // The client that keeps running sends the message.
      try await first.waitFor(text: "another window of yours")
      try await first.say("from the first")
      _ = try await ServerProcess.start(in: workspace, port: reserved.number)
      try await first.waitForMessage("from the first", from: "neha")
      let rows = try await first.waitForMessage("from the second", from: "neha")
      #expect(rows.count { $0.contains("from the second") } == 1)
      try await first.press("C-q")
      #expect(try await first.exitStatus() == .exited(0))

      let third = try await start(workspace, port: reserved.number)
      try await third.waitFor("the draft") { $0.last?.hasSuffix("› the second one's") == true }
      let again = try await third.waitForMessage("from the second", from: "neha")
      #expect(again.count { $0.contains("from the second") } == 1)
      withExtendedLifetime(reserved) {}
    }
  }

  @Test func `unsaved text is not lost without a question`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      try FileManager.default.createDirectory(
        at: conversations(workspace).deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: conversations(workspace))
      let client = try await start(workspace, port: server.port)
      try await client.waitFor(text: "typed text cannot be saved")
      try await client.type("precious")
      try await client.waitFor(text: " not saved · ")
      try await client.press("C-q")
      try await client.waitFor(text: "y: leave, and lose it")
      try await client.press("Escape")
      try await client.waitFor("the draft, and no question") { rows in
        rows.last?.hasSuffix("› precious") == true && !rows.contains { $0.contains("lose it") }
      }
      // A signal leaves no time for a question, so the text is printed on the terminal.
      let printed = workspace.folder.appendingPathComponent("printed")
      let script = "\(try Binary.path()) connect localhost:\(server.port) --name neha 2> \(printed.path)"
      let other = try await TerminalSession.start(
        in: workspace, command: "/bin/sh", arguments: ["-c", "exec \(script)"])
      try await other.waitFor(text: "typed text cannot be saved")
      try await other.type("also precious")
      try await other.waitFor("the draft") {
        $0.last?.hasSuffix("› also precious") == true && $0.contains { $0.contains(" not saved · ") }
      }
      other.signal(SIGTERM)
      #expect(try await other.exitStatus() == .exited(1))
      #expect(try String(contentsOf: printed, encoding: .utf8).hasSuffix("#lobby: also precious\n"))
      try await client.press("C-q")
      try await client.waitFor(text: "y: leave, and lose it")
      try await client.press("y")
      #expect(try await client.exitStatus() == .exited(0))
    }
  }

  @Test func `an unreadable file is set aside`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let folder = conversations(workspace)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let file = folder.appendingPathComponent("localhost_\(server.port).json")
      let garbage = ["{", String(repeating: "[", count: 1 << 20), "{\"version\":7}"]
      for (garbage, name) in zip(garbage, ["bad", "bad2", "bad3"]) {
        try Data(garbage.utf8).write(to: file)
        let client = try await start(workspace, port: server.port)
        try await client.waitFor(text: "as neha")
        // The path may be wrapped.
        try await client.waitFor("that the file was set aside") { rows in
          rows.joined(separator: " ").split(separator: " ").filter { $0 != "│" }.joined(separator: " ")
            .contains("what was typed before cannot be shown")
        }
        let aside = folder.appendingPathComponent("localhost_\(server.port).json.\(name)")
        #expect(try Data(contentsOf: aside) == Data(garbage.utf8))
        try await client.press("C-q")
        #expect(try await client.exitStatus() == .exited(0))
      }
      // A path that is not a regular file is left alone and does not block the client.
      try FileManager.default.removeItem(at: file)
      #expect(mkfifo(file.path, 0o600) == 0)
      let client = try await start(workspace, port: server.port)
      try await client.waitFor(text: "as neha")
    }
  }
}
