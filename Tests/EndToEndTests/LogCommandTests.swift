import Foundation
import TestSupport
import Testing

/// `swiftchat log` on the command line.
@Suite(.interacting, .serialized)
struct LogCommandTests {
  private struct Outcome {
    var status: ExitStatus
    var output: String
    var errors: String

    var lines: [Substring] { output.split(separator: "\n") }
  }

  private func run(_ arguments: [String], in workspace: Workspace) async throws -> Outcome {
    try await outcome(of: try workspace.launch(try Binary.path(), arguments))
  }

  private func outcome(of child: ChildProcess) async throws -> Outcome {
    child.closeInput()
    let status = try #require(try await child.end(within: Patience.limit), "waited for the end of \(child.report)")
    return Outcome(
      status: status, output: String(decoding: child.output, as: UTF8.self),
      errors: String(decoding: child.errors, as: UTF8.self))
  }

  /// A log of a thousand messages in four rooms.
  private func filled(in workspace: Workspace) async throws -> String {
    let path = workspace.data.appendingPathComponent("log").path
    let outcome = try await run(
      ["bench", "log", "--messages", "1000", "--rooms", "4", "--data", path, "--json"], in: workspace)
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    return path
  }

  @Test func `without a log each command says so`() async throws {
    try await Workspace.use { workspace in
      let state = workspace.state.appendingPathComponent("swiftchat").path
      for command in [["verify"], ["export"], ["prune", "--keep", "90d"], ["backup", "copy"]] {
        for (options, place) in [
          ([], state), (["--port", "4001"], state + "/port-4001"), (["--data", "/nowhere"], "/nowhere"),
        ] as [([String], String)] {
          let outcome = try await run(["log"] + command + options, in: workspace)
          #expect(outcome.status == .exited(66))
          #expect(outcome.errors == "Error: there is no log in \(place)\n")
          #expect(outcome.output.isEmpty)
        }
      }
    }
  }

  @Test func `a log in a directory that is closed to this user is not reported as missing`() async throws {
    try await Workspace.use { workspace in
      let path = try await filled(in: workspace)
      let binary = try await NormalUser.binary(in: workspace)
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path) }
      for command in [["verify"], ["export"], ["prune", "--keep", "90d"], ["backup", "copy"]] {
        let outcome = try await outcome(of: try workspace.launch(binary, ["log"] + command + ["--data", path]))
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.hasPrefix("Error: cannot open \(path)/log.sqlite: no permission; "), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
      }
    }
  }

  @Test func `a log is verified, exported and pruned`() async throws {
    try await Workspace.use { workspace in
      let path = try await filled(in: workspace)
      let verified = try await run(["log", "verify", "--data", path], in: workspace)
      #expect(verified.status == .exited(0))
      #expect(verified.output == "\(path): 1,000 messages in 4 conversations, 1,000 in the index; no damage\n")

      let exported = try await run(["log", "export", "--data", path], in: workspace)
      #expect(exported.status == .exited(0))
      let ids = try exported.lines.map { line in
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(Set(object?.keys.map { $0 } ?? []) == ["author", "id", "kind", "room", "seq", "text", "time"])
        return object?["id"] as? Int
      }
      #expect(ids == Array(1...1000))
      let room = try await run(["log", "export", "--data", path, "--room", "#ROOM2"], in: workspace)
      #expect(room.lines == exported.lines.filter { $0.contains("\"room\":\"#room2\"") })
      let none = try await run(["log", "export", "--data", path, "--since", "2090-01-01"], in: workspace)
      #expect(none.status == .exited(0))
      #expect(none.output.isEmpty)
      let acts = try await run(["log", "export", "--data", path, "--acts"], in: workspace)
      #expect(acts.status == .exited(0))
      #expect(acts.output.isEmpty)

      let pruned = try await run(["log", "prune", "--data", path, "--keep", "100y,1"], in: workspace)
      #expect(pruned.status == .exited(64))
      let kept = try await run(["log", "prune", "--data", path, "--keep", "100"], in: workspace)
      #expect(kept.output == "\(path): removed 600 messages\n")
      #expect(try await run(["log", "export", "--data", path], in: workspace).lines.count == 400)
      #expect(try await run(["log", "verify", "--data", path], in: workspace).status == .exited(0))
      let old = try await run(["log", "prune", "--data", path, "--keep", "1h"], in: workspace)
      #expect(old.output == "\(path): removed 400 messages\n")
    }
  }

  @Test func `direct messages are exported only on request, while the server runs`() async throws {
    try await Workspace.use { workspace in
      let path = workspace.data.appendingPathComponent("log").path
      let server = try await ServerProcess.start(in: workspace, options: ["--data", path])
      let neha = try NetcatClient.connect(in: workspace, port: server.port)
      try await neha.send(line: "LOGIN neha")
      try await neha.waitFor("OK")
      try await neha.send(line: "MSG hello \"all\" of you 👋")
      try await neha.waitFor("MSG neha hello")
      try await neha.send(line: "DM neha note to self")
      try await neha.waitFor("DM neha note")
      let rooms = try await run(["log", "export", "--data", path], in: workspace)
      #expect(rooms.lines.count == 1)
      #expect(rooms.output.contains(##""room":"#lobby","seq":1,"text":"hello \"all\" of you 👋""##), "\(rooms.output)")
      let all = try await run(["log", "export", "--data", path, "--direct"], in: workspace)
      #expect(all.lines.count == 2)
      #expect(all.output.contains(#""between":["neha","neha"]"#), "\(all.output)")
      #expect(try await run(["log", "verify", "--data", path], in: workspace).status == .exited(0))
      let pruned = try await run(["log", "prune", "--data", path, "--keep", "1"], in: workspace)
      #expect(pruned.output.hasSuffix("removed 0 messages\n"))
      try await neha.send(line: "MSG still here")
      try await neha.waitFor("MSG neha still here")
      #expect(try await server.terminate() == .exited(0))
    }
  }

  @Test func `a backup is made while the server runs, and it can replace the log`() async throws {
    try await Workspace.use { workspace in
      let path = workspace.data.appendingPathComponent("log").path
      let copy = workspace.data.appendingPathComponent("copy").path
      let server = try await ServerProcess.start(in: workspace, options: ["--data", path])
      let neha = try NetcatClient.connect(in: workspace, port: server.port)
      try await neha.send(line: "LOGIN neha")
      try await neha.waitFor("OK")
      try await neha.send(line: "MSG early")
      try await neha.waitFor("MSG neha early")
      let made = try await run(["log", "backup", copy, "--data", path], in: workspace)
      #expect(made.status == .exited(0), "\(made.errors)")
      #expect(made.output == "\(copy): 1 message in 1 conversation\n")
      let again = try await run(["log", "backup", copy, "--data", path], in: workspace)
      #expect(again.status == .exited(1))
      #expect(again.errors.contains("is there already"))
      try await neha.send(line: "MSG late")
      try await neha.waitFor("MSG neha late")
      server.signal(SIGKILL)
      _ = try await server.end()
      // Without its write-ahead log or without any file, the log is not served.
      for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] {
        try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
      }
      let refused = try await run(["serve", "--port", "0", "--data", path], in: workspace)
      #expect(refused.status == .exited(78))
      #expect(refused.errors.contains("to start anew"), "\(refused.errors)")
      try FileManager.default.copyItem(atPath: copy, toPath: path + "/log.sqlite")
      let restored = try await ServerProcess.start(in: workspace, options: ["--data", path])
      #expect(try await restored.terminate() == .exited(0))
      let exported = try await run(["log", "export", "--data", path], in: workspace)
      #expect(exported.lines.count == 1 && exported.output.contains("early"))
      #expect(try await run(["log", "verify", "--data", path], in: workspace).status == .exited(0))
    }
  }

  @Test func `output that cannot be written is an error`() async throws {
    try await Workspace.use { workspace in
      let path = try await filled(in: workspace)
      let binary = try Binary.path()
      for command in ["export", "verify", "prune --keep 999", "backup '\(path)/copy'"] {
        for target in ["/dev/full", "&-"] {
          let line = "'\(binary)' log \(command) --data '\(path)' >\(target)"
          let outcome = try await outcome(of: try workspace.launch("/bin/sh", ["-c", line]))
          #expect(outcome.status == .exited(1), "\(command) \(target)")
          #expect(outcome.errors.contains("cannot write") || outcome.errors.contains("is there already"))
        }
      }
      let one = try await run(["log", "prune", "--keep", "998", "--data", path], in: workspace)
      #expect(one.output == "\(path): removed 0 messages\n")
      let none = try await run(["log", "export", "--room", "#nosuch", "--data", path], in: workspace)
      #expect(none.status == .exited(1))
      #expect(none.errors.contains("there is no room #nosuch in the log"))
    }
  }

  @Test func `damage is reported with an exit code`() async throws {
    try await Workspace.use { workspace in
      let path = try await filled(in: workspace)
      let file = try #require(FileHandle(forUpdatingAtPath: path + "/log.sqlite"))
      let size = try file.seekToEnd()
      for page in stride(from: UInt64(5), to: size / 4096, by: 3) {
        try file.seek(toOffset: page * 4096)
        try file.write(contentsOf: Data(repeating: 0x5a, count: 600))
      }
      try file.close()
      let outcome = try await run(["log", "verify", "--data", path], in: workspace)
      #expect(outcome.status == .exited(1))
      #expect(!outcome.output.isEmpty || outcome.errors.contains("damaged"), "\(outcome.errors)")
    }
  }

  @Test func `a reader that closes the pipe ends the export silently`() async throws {
    try await Workspace.use { workspace in
      let path = try await filled(in: workspace)
      let command = "'\(try Binary.path())' log export --data '\(path)' | head -n 2"
      let outcome = try await outcome(of: try workspace.launch("/bin/sh", ["-c", command]))
      #expect(outcome.lines.count == 2)
      #expect(outcome.errors.isEmpty)
    }
  }

  @Test func `retention is an age, a number, or both`() async throws {
    try await Workspace.use { workspace in
      let path = try await filled(in: workspace)
      for keep in ["36500d", "5200w", "876000h", "1000", "5200w,1000", "1000,5200w", "1000000000000"] {
        let outcome = try await run(["log", "prune", "--data", path, "--keep", keep], in: workspace)
        #expect(outcome.output.hasSuffix("removed 0 messages\n"), "\(keep): \(outcome.errors)")
      }
      for keep in [
        "", "0", "0d", "-1", "d", "1.5d", "90d,", ",90d", "90d,12h", "10,20", "90 d", "90D", "99999999999999999999",
        "99999999999d", "9223372036854775807w", "٣d", "+5",
      ] {
        let outcome = try await run(["log", "prune", "--data", path, "--keep=\(keep)"], in: workspace)
        #expect(outcome.status == .exited(64), "\(keep): \(outcome.output)")
      }
    }
  }

  @Test(arguments: [
    (["export", "--room", "lobby"], "'lobby' is invalid for '--room <#name>'"),
    (["export", "--since", "yesterday"], "'yesterday' is invalid for '--since <date>'"),
    (["export", "--since", "2026-02-30"], "'2026-02-30' is invalid"),
    (["export", "--room", "#lobby", "--direct"], "--room and --direct exclude each other."),
    (["export", "--acts", "--direct"], "--acts prints no messages: leave out --room and --direct."),
    (["export", "--acts", "--room", "#lobby"], "--acts prints no messages"),
    (["prune"], "Missing expected argument '--keep <limit>'"),
    (["verify", "--data", ""], "it is empty"),
    (["verify", "--port", "70000"], "the port of a server is a number from 1 to 65535."),
  ])
  func `contradictory or invalid arguments are refused`(arguments: [String], complaint: String) async throws {
    try await Workspace.use { workspace in
      let outcome = try await run(["log"] + arguments, in: workspace)
      #expect(outcome.status == .exited(64))
      #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
    }
  }
}
