import Foundation
import Testing

/// `swiftchat connect --record` and `--replay`.
@Suite(.interacting) struct RecordingFileTests {
  @Test func `a recorded session is shown again without a server, also blanked`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try Person("neha", in: workspace)
      let file = workspace.home.appendingPathComponent("session.jsonl").path
      let session = try await neha.open(host.place, options: ["--record", file])
      try await session.waitFor(text: " as neha")
      try await session.say("hello 你好")
      try await session.waitForMessage("hello 你好", from: "neha")
      let zoe = try await host.netcat(as: "zoe")
      try await zoe.send(line: "MSG the secret word")
      let rows = try await session.waitFor(text: "the secret word")
      try await session.press("C-q")
      #expect(try await session.exitStatus() == .exited(0))
      _ = try await host.server.terminate()
      let replayed = try await neha.run("connect", "--replay", file)
      #expect(replayed.status == .exited(0), "\(replayed.errors)")
      let shown = replayed.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      // The lag may have been measured again after the screen was read.
      func withoutLag(_ rows: some Sequence<String>) -> [String] {
        rows.map { $0.replacing(/[<]?[0-9.]+ m?s +/, with: "") }
      }
      #expect(withoutLag(shown.prefix(rows.count)) == withoutLag(rows))

      let copy = workspace.home.appendingPathComponent("blanked.jsonl").path
      let copied = try await neha.run("connect", "--replay", file, "--blank", "--record", copy)
      #expect(copied.status == .exited(0), "\(copied.errors)")
      let text = try String(contentsOfFile: copy, encoding: .utf8)
      for word in ["neha", "zoe", "secret", "你好", "127.0.0.1"] { #expect(!text.contains(word), "\(word)") }
      let blanked = try await neha.run("connect", "--replay", copy)
      #expect(blanked.status == .exited(0), "\(blanked.errors)")
      #expect(blanked.output.split(separator: "\n").last { !$0.isEmpty } == " #lobby›")

      // In a terminal, step by step.
      let terminal = try await TerminalSession.start(in: workspace, arguments: ["connect", "--replay", file])
      try await terminal.press("End")
      try await terminal.waitFor(text: "the secret word")
      try await terminal.press("Home")
      try await terminal.waitFor("the first screen") { !$0.contains { $0.contains("the secret word") } }
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == .exited(0))

      let foreign = try await neha.run("connect", "--replay", "/etc/passwd")
      #expect(foreign.status == .exited(1))
      #expect(foreign.errors == "Error: /etc/passwd is no recording of swiftchat\n")
    }
  }
}
