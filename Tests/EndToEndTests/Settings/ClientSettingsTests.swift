import Foundation
import TestSupport
import Testing

/// The client's settings file, with the real binary.
@Suite(.interacting, .serialized)
struct ClientSettingsTests {
  private func file(in workspace: Workspace) throws -> URL {
    let folder = workspace.configuration.appendingPathComponent("swiftchat")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appendingPathComponent("client.toml")
  }

  private func run(
    _ arguments: [String], in workspace: Workspace, environment: [String: String] = [:]
  ) async throws -> (status: ExitStatus?, output: String, errors: String) {
    let child = try workspace.launch(try Binary.path(), arguments, environment: environment)
    child.closeInput()
    let status = try await child.end()
    return (status, String(decoding: child.output, as: UTF8.self), String(decoding: child.errors, as: UTF8.self))
  }

  @Test func `an invalid file ends every command that reads it with 78 and one line`() async throws {
    try await Workspace.use { workspace in
      let file = try file(in: workspace)
      try "name = \"neha\"\nlayuot = \"modern\"\n".write(to: file, atomically: true, encoding: .utf8)
      let error = "Error: \(file.path), line 2: unknown key 'layuot'; did you mean layout?\n"
      for arguments in [[], ["connect", "localhost:1"], ["config", "check"], ["config", "show"]] {
        let outcome = try await run(arguments, in: workspace)
        #expect(outcome.status == .exited(78), "\(arguments)")
        #expect(outcome.errors == error, "\(arguments)")
        #expect(outcome.output.isEmpty, "\(arguments)")
      }
      let named = try await run(["--config", "/nowhere/c.toml"], in: workspace)
      #expect(named.status == .exited(78))
      #expect(named.errors == "Error: cannot read the settings from /nowhere/c.toml: there is no such file\n")
      let variable = try await run(["config", "check"], in: workspace, environment: ["SWIFTCHAT_CLIENT_BEL": "true"])
      #expect(variable.status == .exited(78))
      #expect(variable.errors.contains("did you mean SWIFTCHAT_CLIENT_BELL?"), "\(variable.errors)")
    }
  }

  @Test func `config shows every value and its origin`() async throws {
    try await Workspace.use { workspace in
      let file = try file(in: workspace)
      #expect(
        try await run(["config", "check"], in: workspace).output
          == "[+] There is no settings file, and none is needed\n")
      try "\nlayout = \"classic\"\n".write(to: file, atomically: true, encoding: .utf8)
      #expect(try await run(["config", "check"], in: workspace).output == "[+] The settings are good: \(file.path)\n")
      let shown = try await run(["config", "show"], in: workspace, environment: ["SWIFTCHAT_CLIENT_BELL": "false"])
      #expect(shown.status == .exited(0), "\(shown.errors)")
      #expect(shown.output.hasPrefix("# \"\(file.path)\"\n# name is not set\n"), "\(shown.output)")
      #expect(shown.output.contains("\nlayout = \"classic\"  # line 2\n"), "\(shown.output)")
      #expect(shown.output.contains("\nbell = false  # $SWIFTCHAT_CLIENT_BELL\n"), "\(shown.output)")
      #expect(shown.output.contains("\ntheme = \"auto\"  # default\n"), "\(shown.output)")
    }
  }

  @Test func `config check accepts colours that are hard to read, and warns of them`() async throws {
    try await Workspace.use { workspace in
      let file = try file(in: workspace)
      try "theme = \"dark\"\n[colors]\nown = 18\n".write(to: file, atomically: true, encoding: .utf8)
      let checked = try await run(["config", "check"], in: workspace)
      #expect(checked.status == .exited(0))
      #expect(checked.output == "[+] The settings are good: \(file.path)\n")
      #expect(
        checked.errors
          == "Warning: \(file.path), line 3: colors.own is 18, whose contrast to a dark background is 1.3: below 4.5 it is "
          + "hard to read\n")
    }
  }

  @Test func `a server is named by its name in the settings`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      try """
      [servers.work]
      address = "localhost:\(server.port)"
      name = "zoe"
      autojoin = ["#dev"]
      """.write(to: try file(in: workspace), atomically: true, encoding: .utf8)
      let zoe = try await TerminalSession.start(in: workspace, arguments: ["connect", "work"])
      try await zoe.waitFor(text: "connected to localhost:\(server.port) as zoe")
      try await zoe.waitFor(text: "#dev")
      try await zoe.say("/quit")
      #expect(try await zoe.exitStatus() == .exited(0))
    }
  }

  @Test func `a running client applies changes and survives mistakes`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let file = try file(in: workspace)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      // Without a signal, and although the file was not there at the start.
      try "time-format = \"12h\"\n".write(to: file, atomically: true, encoding: .utf8)
      try await neha.waitFor(text: "settings applied: time-format")
      try "time-format = \"24h\"\ntheme = \"dark\"\nbell = 7\n".write(to: file, atomically: true, encoding: .utf8)
      neha.signal(SIGHUP)
      try await neha.waitFor("the error with its line") { rows in
        rows.words.contains("line 3: bell is 7, which is not true or false")
      }
      try await neha.say("still here")
      try await neha.waitFor(text: "still here")
      // The valid settings before the mistake were not applied.
      try "time-format = \"12h\"\n".write(to: file, atomically: true, encoding: .utf8)
      neha.signal(SIGHUP)
      try await neha.waitFor(text: "the settings are good again")
      try "theme = \"light\"\nname = \"zoe\"\n".write(to: file, atomically: true, encoding: .utf8)
      neha.signal(SIGHUP)
      try await neha.waitFor("the settings that changed") { rows in
        rows.words.contains("settings applied: time-format, theme; at the next start: name")
      }
      // A chosen colour takes effect at once.
      try "theme = \"light\"\n[colors]\nown = 201\n".write(to: file, atomically: true, encoding: .utf8)
      neha.signal(SIGHUP)
      try await neha.waitFor(text: "settings applied: colors.own")
      #expect(try await neha.styledScreen().contains { $0.contains("38;5;201m") })
      try await neha.say("/quit")
      #expect(try await neha.exitStatus() == .exited(0))
    }
  }
}
