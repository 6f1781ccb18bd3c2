import Foundation
import TestSupport
import Testing

/// `swiftchat tail`, `who` and `rooms` against a real server.
@Suite(.interacting) struct TailTests {
  /// Starts the command with its standard output appended to a file of the workspace's home, or through a pipe to it.
  private func tail(
    _ host: Host, _ options: String, to output: String, in workspace: Workspace
  ) throws -> ChildProcess {
    try workspace.launch(
      "/bin/sh",
      ["-c", "exec \"$0\" tail --server \"$1\" --name ada \(options) \(output)", try Binary.path(), host.place])
  }

  private func text(_ name: String, in workspace: Workspace) -> String {
    (try? String(contentsOf: workspace.home.appendingPathComponent(name), encoding: .utf8)) ?? ""
  }

  private func lobby(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 3).last.map(String.init) ?? "" }
  }

  @Test func `no line is repeated or missing in a file, however often the command and the server are killed`()
    async throws
  {
    try await Workspace.use { workspace in
      let port = try ReservedPort()
      var host = try await Host.start(in: workspace, port: port.number)
      var sent = 0
      var random = SeededGenerator()
      let first = try tail(host, "-n 0 --follow --state state", to: ">> out", in: workspace)
      let isFollowing = try await Patience.answer { text("state", in: workspace).contains("at #lobby") ? true : nil }
      try #require(isFollowing == true, "\(first.report)")
      first.signal(SIGKILL)
      _ = try await first.end()
      for round in 1...8 {
        // The client of the last round may still be logged in.
        let neha = try await host.plainClient(as: "neha\(round)")
        let count = random.number(100...400)
        try await neha.send((1...count).map { "MSG \(sent + $0)\n" }.joined())
        sent += count
        let child = try tail(host, "--follow --state state", to: ">> out", in: workspace)
        let goal = lobby(text("out", in: workspace)).count + random.number(1...count)
        // Killed in the middle, not after the last line.
        let isReached = try await Patience.answer(every: .milliseconds(1)) {
          lobby(text("out", in: workspace)).count >= goal ? true : nil
        }
        try #require(isReached == true, "\(random), round \(round): \(child.report)")
        if round == 4 {
          // A message that is not stored yet would be lost, and the numbers would have a gap.
          try await neha.waitFor("MSG neha\(round) \(sent)\n")
          try await host.server.terminate(SIGKILL)
          host = try await Host.start(in: workspace, port: port.number)
        }
        child.signal(SIGKILL)
        _ = try await child.end()
      }
      let last = try tail(host, "--state state", to: ">> out", in: workspace)
      #expect(try await last.end() == .exited(0), "\(last.report)")
      let exported = try await host.run("log", "export").lines.count
      #expect(lobby(text("out", in: workspace)) == (1...exported).map(String.init), "\(random)")
    }
  }

  @Test func `into a pipe nothing is repeated, and a closed pipe ends the command silently`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try await host.plainClient(as: "neha")
      try await neha.send((1...50).map { "MSG \($0)\n" }.joined())
      try await neha.waitFor("MSG neha 50\n")
      let child = try tail(host, "-n 50 --follow --state state", to: "| head -n 3", in: workspace)
      let outcome = try await Outcome(of: child)
      #expect(outcome.status == .exited(0))
      #expect(outcome.errors == "")
      #expect(lobby(outcome.output) == ["1", "2", "3"])
      let rest = try await Outcome(of: try tail(host, "--state state", to: "| cat", in: workspace))
      let seen = lobby(rest.output).compactMap { Int($0) }
      // Lines that the pipe had accepted count as printed.
      #expect(seen == Array((4...50).suffix(seen.count)))
      // Nothing is left over.
      let again = try await Outcome(of: try tail(host, "--state state", to: "| cat", in: workspace))
      #expect(again.output + again.errors == "")
    }
  }

  @Test func `a full disk is an error, and so is a person or a room that does not exist`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      #if os(Linux)
        let full = try await Outcome(of: try tail(host, "", to: "> /dev/full", in: workspace))
        #expect(full.status == .exited(1))
        #expect(full.errors == "Error: cannot write to standard output: No space left on device\n")
      #endif
      let room = try await Outcome(of: try tail(host, "-t '#deploy'", to: "", in: workspace))
      #expect(room.status == .exited(67))
      let person = try await Outcome(of: try tail(host, "-t nobody", to: "", in: workspace))
      #expect(person.status == .exited(67))
      #expect(person.errors == "Error: @nobody: nobody with this name is here\n")
    }
  }

  @Test func `messages, people and rooms in JSON`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let neha = try await host.plainClient(as: "neha")
      try await neha.send("MSG a \"quoted\" text\n")
      try await neha.waitFor("MSG neha a")
      let ada = try Person("ada", in: workspace)
      func objects(_ arguments: String...) async throws -> [[String: Any]] {
        let child = try workspace.launch(try Binary.path(), arguments + ["--json", "--server", host.place])
        let outcome = try await Outcome(of: child)
        #expect(outcome.status == .exited(0), "\(outcome.errors)")
        return try outcome.lines.map { line in
          try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
      }
      let message = try #require(try await objects("tail", "--name", "zoe", "--since", "1h").first)
      #expect(message["text"] as? String == "a \"quoted\" text")
      #expect(message["author"] as? String == "neha")
      #expect(message["seq"] as? Int == 1)
      #expect(message["own"] as? Bool == false)
      #expect(message["server"] as? String == host.place)
      let sent = try await ada.run("send", "--server", host.place, "-t", "#dev", "hi")
      #expect(sent.status == .exited(0))
      #expect(try await objects("rooms", "--name", "zoe").map { $0["name"] as? String } == ["#lobby", "#dev"])
      #expect(try await objects("who", "--name", "zoe").map { $0["name"] as? String } == ["neha", "zoe"])
      #expect(try await objects("who", "-t", "#dev", "--name", "zoe").map { $0["name"] as? String } == ["zoe"])
    }
  }
}
