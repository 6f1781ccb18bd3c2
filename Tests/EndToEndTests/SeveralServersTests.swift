import Foundation
import TestSupport
import Testing

/// Several servers in one client.
@Suite(.interacting)
struct SeveralServersTests {
  @Test func `two servers share a screen, each with its own conversations`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let work = try await ServerProcess.start(in: workspace, port: reserved.number)
      let home = try await ServerProcess.start(in: workspace)
      let settings = workspace.folder.appendingPathComponent("client.toml")
      try """
      connect = ["work", "localhost:\(home.port)"]
      [servers.work]
      address = "localhost:\(work.port)"
      name = "ada"
      [servers.home]
      address = "localhost:\(home.port)"
      """.write(to: settings, atomically: true, encoding: .utf8)
      func start() async throws -> TerminalSession {
        try await TerminalSession.start(
          in: workspace, columns: 100, arguments: ["--config", settings.path], environment: ["USER": "neha"])
      }
      let first = try await start()
      try await first.waitFor(text: "as ada")
      try await first.waitFor("both servers") { $0[0].hasPrefix(" work 1 #lobby  home 2 #lobby  ") }
      try await first.say("said at work")
      try await first.waitForMessage("said at work", from: "ada")
      try await first.press("M-2")
      try await first.waitFor(text: "as neha")
      try await first.say("/join garden")
      try await first.waitFor(text: "home 2 #lobby 3 #garden")
      try await first.say("birches")
      let garden = try await first.waitForMessage("birches", from: "neha")
      #expect(!garden.contains { $0.contains("said at work") })

      // One server is lost; the other goes on.
      try await work.terminate(SIGKILL)
      try await first.waitFor(text: " work× 1 #lobby")
      try await first.say("oaks")
      try await first.waitForMessage("oaks", from: "neha")
      try await first.press("M-1")
      try await first.waitFor(text: "offline, again in")
      try await first.say("typed in the dark")
      try await first.waitFor(text: "--:--")
      try await first.type("half a tho")
      try await first.waitFor("the draft") { $0.last?.hasSuffix(" work/#lobby› half a tho") == true }
      try await first.press("M-2")
      try await first.waitFor("the other server") { $0.last?.hasSuffix(" home/#lobby›") == true }
      try await first.press("C-q")
      #expect(try await first.exitStatus() == .exited(0))

      // Nothing that was typed is lost, although the tab was not on the screen.
      let second = try await start()
      try await second.waitFor("the draft") { $0.last?.hasSuffix(" work/#lobby› half a tho") == true }
      let restarted = try await ServerProcess.start(in: workspace, port: reserved.number)
      try await second.waitForMessage("typed in the dark", from: "ada")
      try await second.press("C-c")
      try await second.say("/disconnect")
      let rows = try await second.waitFor("the tabs of the other server alone") {
        $0[0].hasPrefix(" 1 #lobby  2 #garden") && $0.contains { $0.contains("work is closed") }
      }
      #expect(!rows.contains { $0.contains("said at work") })
      try await second.say("/connect work")
      try await second.waitFor("the server again, with what was said") { rows in
        rows[0].contains(" home 1 #lobby 2 #garden  work 3 #lobby") && rows.author(of: "said at work") == "ada"
      }
      // A closed server is not locked: opened again, it has the same file.
      let folder = workspace.state.appendingPathComponent("swiftchat/conversations")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(files.count { $0.hasSuffix(".lock") } == 2, "\(files)")
      try await second.press("C-q")
      #expect(try await second.exitStatus() == .exited(0))
      withExtendedLifetime((restarted, reserved)) {}
    }
  }
}
