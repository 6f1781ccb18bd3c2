import Foundation
import TestSupport
import Testing

/// Reloading the settings while clients are connected.
@Suite(.interacting, .serialized)
struct ReloadTests {
  /// Connects and receives the message of the day.
  private func join(_ server: ServerProcess, _ name: String, welcome: String) async throws -> RawClient {
    let client = try RawClient.connect(port: server.port)
    try await client.send("CAP REQ tags\nLOGIN \(name)\n")
    try await client.waitFor("MOTD \(welcome)\n")
    return client
  }

  @Test func `live settings change without disconnecting clients`() async throws {
    try await Workspace.use { workspace in
      let motd = workspace.folder.appendingPathComponent("motd")
      let file = workspace.folder.appendingPathComponent("server.toml")
      try "Welcome.\n".write(to: motd, atomically: true, encoding: .utf8)
      try "motd = \"\(motd.path)\"\nidle-timeout = 0\n".write(to: file, atomically: true, encoding: .utf8)
      let server = try await ServerProcess.start(in: workspace, options: ["--config", file.path], hasTimeouts: true)
      let neha = try await join(server, "neha", welcome: "Welcome.")
      #expect(!server.errors.contains("connection opened"))

      // The contents of the message file, the log level, and a setting that needs a restart.
      try "Be kind.\n".write(to: motd, atomically: true, encoding: .utf8)
      try "motd = \"\(motd.path)\"\nidle-timeout = 0\nlog-level = \"debug\"\nephemeral = true\n"
        .write(to: file, atomically: true, encoding: .utf8)
      server.signal(SIGHUP)
      try await server.waitFor(
        "notice settings applied config.changed=\"log-level motd\" config.needs-restart=ephemeral\n")
      _ = try await join(server, "akash", welcome: "Be kind.")
      try await server.waitFor("debug connection opened")

      // An invalid file leaves all settings unchanged.
      for (text, complaint) in [
        ("motd = \"/nowhere\"\nidle-timeout = 5\n", "cannot read the message of the day from /nowhere"),
        ("idle-timeout = 5\nlog-level = \"loud\"\n", "line 2: log-level is \\\"loud\\\", which is not one of"),
        ("idle-timeout = 5\nkeep", "line 2: there is no = after 'keep'"),
        // Regression: these made an earlier parser end the program.
        ("[", "line 1: expected a key; found the end of the file"), ("\n[[=", "line 2: an array of tables"),
        ("\n\n[&", "line 3: expected a key; found '&'"), ("\n\n\n[[[a]]]", "line 4: an array of tables"),
      ] {
        try text.write(to: file, atomically: true, encoding: .utf8)
        server.signal(SIGHUP)
        try await server.waitFor(complaint)
      }
      try FileManager.default.removeItem(at: file)
      server.signal(SIGHUP)
      try await server.waitFor("cannot read the settings from \(file.path): there is no such file")
      #expect(server.errors.components(separatedBy: "error settings stay as they are").count == 9, "\(server.errors)")
      _ = try await join(server, "zoe", welcome: "Be kind.")

      try await neha.send("PING\n")
      try await neha.waitFor("PONG\n")
      // Connected clients are affected by the shortest idle timeout.
      try "motd = \"\(motd.path)\"\nidle-timeout = 0.2\n".write(to: file, atomically: true, encoding: .utf8)
      server.signal(SIGHUP)
      try await neha.waitFor("BYE disconnected-due-to-inactivity")
      #expect(try await server.terminate() == .exited(0))
    }
  }

  @Test func `without a settings file a reload changes nothing`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace, options: ["--ephemeral", "--idle-timeout", "30"])
      let neha = try NetcatClient.connect(in: workspace, port: server.port)
      try await neha.send(line: "LOGIN neha")
      try await neha.waitFor(exactly: "OK\n")
      server.signal(SIGHUP)
      try await server.waitFor("settings applied config.changed=nothing\n")
      for _ in 0..<50 { server.signal(SIGHUP) }
      try await neha.send(line: "PING")
      try await neha.waitFor(exactly: "OK\nPONG\n")
      #expect(try await server.terminate() == .exited(0))
    }
  }

  /// Flags take precedence over the file, also after a reload.
  @Test func `a flag wins over a file that comes later`() async throws {
    try await Workspace.use { workspace in
      let folder = workspace.configuration.appendingPathComponent("swiftchat")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let server = try await ServerProcess.start(
        in: workspace, options: ["--ephemeral", "--idle-timeout", "0"], hasTimeouts: true)
      let neha = try NetcatClient.connect(in: workspace, port: server.port)
      try await neha.send(line: "LOGIN neha")
      try "idle-timeout = 0.1\nlogin-timeout = 7\n".write(
        to: folder.appendingPathComponent("server.toml"), atomically: true, encoding: .utf8)
      server.signal(SIGHUP)
      try await server.waitFor("settings applied config.changed=login-timeout\n")
      try await neha.send(line: "PING")
      try await neha.waitFor(exactly: "OK\nPONG\n")
      try await server.terminate()
    }
  }
}
