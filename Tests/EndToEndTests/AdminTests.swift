import Foundation
import TestSupport
import Testing

/// `swiftchat admin` on the command line, and its effect on connected clients.
@Suite(.interacting, .serialized)
struct AdminTests {
  /// The acts that `log export --acts` prints, as `VERB subject`.
  private func exportedActs(of host: Host) async throws -> [String] {
    let outcome = try await host.run("log", "export", "--acts")
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    return try outcome.lines.map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
      #expect(object["by"] == "host")
      return "\(object["verb"] ?? "") \(object["subject"] ?? "")"
    }
  }

  @Test func `a kicked user sees the reason and may come back`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try await Person("neha", in: workspace).chat(at: host.place)
      let zoe = try RawClient.connect(port: host.server.port)
      try await zoe.send("LOGIN zoe\n")
      try await neha.waitFor(text: "zoe joined")
      #expect(
        try await host.admin("kick", "@zoe", "read", "the rules") == "zoe was thrown out: read the rules")
      try await zoe.end()
      #expect(String(decoding: zoe.received, as: UTF8.self) == "OK\nINFO kicked\n")
      try await neha.waitFor("zoe's absence") { !$0.contains { $0.hasSuffix("zoe") } }
      _ = try await host.netcat(as: "zoe")

      #expect(try await host.admin("kick", "neha", "you too") == "neha was thrown out: you too")
      try await neha.waitFor(text: "you too")
      try await neha.say("/connect \(host.place)")
      try await neha.waitFor("neha's return") { rows in rows.last { !$0.isEmpty } != nil && rows[0].hasSuffix("2 ☺")
      }
      #expect(try await exportedActs(of: host) == ["OP neha", "KICK @zoe", "KICK @neha"])
    }
  }

  /// Other commands find the server by the same settings as `serve`.
  @Test func `the server is found by the same settings`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace, configuration: "data = \"\(workspace.data.path)\"\n")
      let file = workspace.folder.appendingPathComponent("server.toml").path
      for (arguments, environment) in [
        ([], ["SWIFTCHAT_DATA": workspace.data.path]), ([], ["SWIFTCHAT_CONFIG": file]), (["--config", file], [:]),
      ] as [([String], [String: String])] {
        for command in [["admin", "ops"], ["invite"], ["log", "verify"]] {
          let child = try workspace.launch(try Binary.path(), command + arguments, environment: environment)
          let outcome = try await Outcome(of: child)
          #expect(outcome.status == .exited(0), "\(command) \(outcome.errors)")
        }
      }
      try await host.server.terminate()
    }
  }

  /// Precedence: flags, environment, named settings file, settings file in its usual place.
  @Test func `the server is found by its settings in their order of precedence`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      func nowhere(_ name: String) -> String { workspace.folder.appendingPathComponent(name).path }
      func file(_ path: String, naming folder: String) throws -> String {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try "data = \"\(folder)\"\n".write(to: url, atomically: true, encoding: .utf8)
        return path
      }
      func ask(_ arguments: [String], _ environment: [String: String]) async throws -> Outcome {
        try await Outcome(
          of: try workspace.launch(try Binary.path(), ["admin", "ops"] + arguments, environment: environment))
      }
      let here = workspace.data.path
      let usual = workspace.configuration.appendingPathComponent("swiftchat/server.toml").path
      // Without any setting the error names the places that were tried.
      let none = try await ask([], [:])
      #expect(none.status == .exited(1) && none.output == "")
      let standard = workspace.state.appendingPathComponent("swiftchat").path
      #expect(none.errors.hasPrefix("Error: no server runs on \(standard)"), "\(none.errors)")
      #expect(none.errors.count { $0 == "\n" } == 1)

      let wrong = try file(nowhere("wrong.toml"), naming: nowhere("d1"))
      let right = try file(nowhere("right.toml"), naming: here)
      // nil: the server is found.
      for (usualFolder, arguments, environment, tried) in [
        (here, [], [:], nil), (nowhere("d0"), [], [:], "d0"),
        (nowhere("d0"), ["--config", right], [:], nil), (here, ["--config", wrong], [:], "d1"),
        (nowhere("d0"), [], ["SWIFTCHAT_CONFIG": right], nil), (here, [], ["SWIFTCHAT_CONFIG": wrong], "d1"),
        (nowhere("d0"), ["--config", right], ["SWIFTCHAT_CONFIG": wrong], nil),
        (nowhere("d0"), ["--config", wrong], ["SWIFTCHAT_DATA": here], nil),
        (here, ["--config", right], ["SWIFTCHAT_DATA": nowhere("d2")], "d2"),
        (nowhere("d0"), ["--config", wrong, "--data", here], ["SWIFTCHAT_DATA": nowhere("d2")], nil),
        (here, ["--data", nowhere("d3")], ["SWIFTCHAT_DATA": here], "d3"),
      ] as [(String, [String], [String: String], String?)] {
        _ = try file(usual, naming: usualFolder)
        let outcome = try await ask(arguments, environment)
        if let tried {
          #expect(outcome.status == .exited(1), "\(arguments) \(environment)")
          #expect(
            outcome.errors == "Error: no server runs on \(nowhere(tried)); start it with `swiftchat serve`, or name "
              + "another with --data\n", "\(arguments) \(environment)")
        } else {
          #expect(outcome.status == .exited(0), "\(arguments) \(environment) \(outcome.errors)")
        }
      }
      try await host.server.terminate()
      // A named settings file must exist and be a regular file.
      let missing = try await ask(["--config", nowhere("none.toml")], [:])
      #expect(missing.status == .exited(78) && missing.errors.contains(nowhere("none.toml")), "\(missing.errors)")
    }
  }

  @Test func `a muted user can still read`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      _ = try await Person("neha", in: workspace).chat(at: host.place)
      let akash = try await Person("akash", in: workspace).chat(at: host.place)
      let zoe = try await host.netcat(as: "zoe")
      #expect(
        try await host.admin("mute", "akash", "--for", "12h", "--reason", "spam") == "akash is muted for 12 hours: spam"
      )
      try await akash.say("can you hear me")
      try await akash.waitFor(text: "You are muted until ")
      try await zoe.send(line: "MSG we cannot")
      try await akash.waitForMessage("we cannot", from: "zoe")
      let listed = try await host.admin("bans")
      #expect(listed.hasPrefix("@akash  muted  until ") && listed.hasSuffix(" by host: spam"), "\(listed)")
      let json = try await host.admin("bans", "--json")
      let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String])
      #expect(object["kind"] == "mute" && object["subject"] == "@akash" && object["reason"] == "spam")
      #expect(try await host.admin("unmute", "akash") == "akash is not muted any more")
      #expect(try await host.admin("bans") == "nobody is banned or muted")
      #expect(try await host.admin("bans", "--json") == "")
      // The refused text returns to the input line.
      try await akash.press("Enter")
      try await akash.waitForMessage("can you hear me", from: "akash")
      try await zoe.waitFor("MSG akash can you hear me\n")
    }
  }

  @Test func `slow mode applies to everybody in the room`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      _ = try await Person("neha", in: workspace).chat(at: host.place)
      let akash = try await Person("akash", in: workspace).chat(at: host.place)
      let zoe = try await host.netcat(as: "zoe")
      #expect(
        try await host.admin("slow", "lobby", "3600") == "#lobby is slow: a message every 1 hour from each person")
      for number in 1...2 { try await zoe.send(line: "MSG line \(number)") }
      try await zoe.waitFor(exactly: "OK\nMSG zoe line 1\nERR slow-mode\n")
      try await akash.say("first")
      try await akash.waitForMessage("first", from: "akash")
      try await akash.say("second")
      try await akash.waitFor("the refusal") { $0.words.contains("Not sent: second") }
      #expect(try await host.admin("slow", "#lobby", "0") == "#lobby is not slow any more")
      try await akash.press("Enter")
      try await zoe.waitFor("MSG akash second\n")
    }
  }

  @Test func `a ban survives a restart`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let host = try await Host.start(in: workspace, port: reserved.number)
      _ = try await Person("neha", in: workspace).chat(at: host.place)
      let person = try Person("akash", in: workspace)
      let akash = try await person.chat(at: host.place)
      #expect(try await host.admin("ban", "akash", "--reason", "enough") == "the name akash is banned for ever: enough")
      try await akash.waitFor(text: "banned from this server: enough")
      try await akash.press("C-q")
      #expect(try await akash.exitStatus() == .exited(0))
      _ = try await host.admin("ban", "zoe", "--for", "7d")
      #expect(try await host.answer(to: "LOGIN ZOE").hasPrefix("ERR banned\n"))

      try await host.server.terminate()
      let again = try await Host.start(in: workspace, port: reserved.number)
      #expect(try await again.answer(to: "LOGIN zoe").hasPrefix("ERR banned\n"))
      #expect(try await again.answer(to: "LOGIN akash").hasPrefix("ERR "))
      // The name belongs to a key, and the ban also applies to the key.
      let elsewhere = try await person.open(again.place, as: "somebody")
      try await elsewhere.waitFor(text: "banned from this server: enough")
      #expect(try await again.admin("bans").split(separator: "\n").map { $0.prefix(7) } == ["@akash ", "@zoe   "])
      #expect(try await again.admin("unban", "akash") == "the name akash is not banned any more")
      _ = try await again.admin("unban", "@zoe")
      try await elsewhere.press("C-q")
      #expect(try await elsewhere.exitStatus() == .exited(0))
      _ = try await person.chat(at: again.place)
      #expect(try await again.answer(to: "LOGIN zoe") == "OK\n")
      #expect(
        try await exportedActs(of: again) == ["OP neha", "BAN @akash", "BAN @zoe", "UNBAN @akash", "UNBAN @zoe"])
      withExtendedLifetime(reserved) {}
    }
  }

  @Test func `a redacted message disappears everywhere`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try await Person("neha", in: workspace).chat(at: host.place)
      let zoe = try await host.netcat(as: "zoe")
      for text in ["before", "a terrible thing", "after"] { try await zoe.send(line: "MSG \(text)") }
      try await neha.waitForMessage("after", from: "zoe")
      try await neha.waitForMessage("a terrible thing", from: "zoe")
      let exported = try await host.run("log", "export").output
      #expect(exported.contains("a terrible thing"))

      #expect(
        try await host.admin("remove", "lobby", "2", "--reason", "terrible")
          == "message 2 of #lobby was removed: terrible")
      let rows = try await neha.waitForMessage("(removed by host)", from: "zoe")
      #expect(!rows.contains { $0.contains("terrible") })
      let reader = try RawClient.connect(port: host.server.port)
      try await reader.send(
        """
        CAP REQ tags rooms history moderation
        LOGIN akash
        @label=h HISTORY #lobby LATEST * 10
        @label=s SEARCH * 10 terrible
        @label=t SEARCH * 10 after
        QUIT

        """)
      try await reader.end()
      let heard = String(decoding: reader.received, as: UTF8.self)
      #expect(heard.contains("MSG zoe before\n") && heard.contains("MSG zoe (removed)\n"), "\(heard)")
      #expect(!heard.contains("terrible"), "\(heard)")
      #expect(heard.components(separatedBy: "MSG zoe after\n").count == 3, "\(heard)")
      let log = try await host.run("log", "export").output
      #expect(!log.contains("terrible thing") && log.contains("before") && log.contains("after"))
      #expect(try await host.run("log", "verify").status == .exited(0))
      #expect(try await exportedActs(of: host).map { $0.prefix(7) } == ["OP neha", "REMOVE "])
      // The files do not contain the text either after the server has written everything.
      try await host.server.terminate()
      let file = try Data(contentsOf: workspace.data.appendingPathComponent("log.sqlite"))
      #expect(file.range(of: Data("a terrible thing".utf8)) == nil)
    }
  }

  @Test func `operators are named, listed and removed`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try await Person("neha", in: workspace).chat(at: host.place)
      try await neha.waitFor(text: "neha (op)")
      let akash = try await Person("akash", in: workspace).chat(at: host.place)
      #expect(try await host.admin("op", "akash") == "akash is an operator")
      #expect(try await host.admin("ops").split(separator: "\n") == ["akash", "neha"])
      #expect(try await host.admin("ops", "--json") == "{\"name\":\"akash\"}\n{\"name\":\"neha\"}")
      try await akash.waitFor(text: "operator")
      let zoe = try await host.netcat(as: "zoe")
      try await akash.waitFor(text: "zoe")
      try await akash.say("/kick zoe out")
      try await zoe.waitFor(exactly: "OK\nINFO kicked\n")
      #expect(try await host.admin("deop", "akash") == "akash is no operator any more")
      #expect(try await host.admin("ops") == "neha")
      try await akash.say("/kick neha")
      try await akash.waitFor(text: "Only operators may do this.")

      let lines = try await host.admin("audit").split(separator: "\n")
      let acts = ["host op neha", "host op akash", "akash kick @zoe out", "host deop akash"]
      #expect(lines.count == acts.count, "\(lines)")
      for (line, act) in zip(lines, acts) {
        #expect(line.split(separator: " ").joined(separator: " ").contains(act), "\(line)")
      }
      let newest = try await host.admin("audit", "--json", "--limit", "1")
      let act = try #require(try JSONSerialization.jsonObject(with: Data(newest.utf8)) as? [String: String])
      #expect(act["verb"] == "deop" && act["by"] == "host" && act["subject"] == "akash")
    }
  }

  @Test func `a refusal is one line and exit code 1`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      _ = try await host.netcat(as: "zoe")
      for (arguments, reason) in [
        (["kick", "nobody"], "Nobody with this name is here."), (["unban", "nobody"], "There is no ban of @nobody;"),
        (["unmute", "nobody"], "There is no mute of @nobody;"),
        (["op", "zoe"], "This needs a name that belongs to a key."),
        (["deop", "nobody"], ""), (["remove", "lobby", "7"], "There is no such message that you may remove."),
        (["slow", "nowhere", "5"], "There is no room of this name."), (["ban", "127.0.0.1"], ""),
      ] {
        let child = try workspace.launch(
          try Binary.path(), ["admin"] + arguments + ["--data", workspace.data.path])
        let outcome = try await Outcome(of: child)
        #expect(outcome.status == .exited(1), "\(child.report)")
        #expect(outcome.output == "", "\(child.report)")
        #expect(outcome.errors.hasPrefix("Error: \(reason)"), "\(child.report)")
        #expect(outcome.errors.count { $0 == "\n" } == 1, "\(child.report)")
      }
      #expect(try await exportedActs(of: host) == [])
    }
  }

  @Test func `without a running server the error is one line`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      // A killed server leaves its socket behind.
      try await host.server.terminate(SIGKILL)
      for arguments in [["admin", "kick", "zoe"], ["admin", "bans"], ["admin", "audit", "--json"], ["invite"]] {
        for folder in [workspace.data.path, workspace.data.path + "/nowhere"] {
          let child = try workspace.launch(try Binary.path(), arguments + ["--data", folder])
          let outcome = try await Outcome(of: child)
          #expect(outcome.status == .exited(1), "\(child.report)")
          #expect(outcome.errors.hasPrefix("Error: no server runs on \(folder); start it with"), "\(child.report)")
          #expect(outcome.errors.count { $0 == "\n" } == 1)
        }
      }
    }
  }
}
