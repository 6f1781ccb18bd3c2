import Foundation
import TestSupport
import Testing

/// A server that only invited users can join.
@Suite(.interacting, .serialized)
struct InviteTests {
  /// The link of a new invitation, from the output of `swiftchat invite`.
  private func invitation(to host: Host) async throws -> String {
    let outcome = try await host.run("invite", "--host", "127.0.0.1", "--port", "\(host.server.port)")
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    #expect(outcome.errors == "one person may come in, within 1 week\n")
    #expect(outcome.lines.count == 1)
    #expect(outcome.output.hasPrefix("swiftchat connect \"swiftchat://\(host.place)/?"))
    #expect(outcome.output.contains(try await host.pin()))
    return String(try #require(outcome.output.split(separator: "\"").dropFirst().first))
  }

  @Test func `a link admits one user permanently`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace, options: ["--invite-only"])
      #expect(try await host.answer(to: "LOGIN zoe") == "ERR invite-required\n")
      // The first local user needs no invitation, and the name is not announced.
      let neha = try await Person("neha", in: workspace).chat(at: host.place)
      #expect(try await host.answer(to: "LOGIN neha") == "ERR invite-required\n")

      let link = try await invitation(to: host)
      let akash = try Person("akash", in: workspace)
      let first = try await akash.open(host.place)
      try await first.waitFor(text: "for invited people")
      try await first.press("C-q")
      #expect(try await first.exitStatus() == .exited(0))
      let second = try await akash.chat(at: link)
      try await neha.waitFor(text: "akash joined")

      let zoe = try Person("zoe", in: workspace)
      let refused = try await zoe.open(link)
      try await refused.waitFor(text: "invitation is used up")
      #expect(try await !refused.screen().contains { $0.contains("as zoe") })

      try await second.press("C-q")
      #expect(try await second.exitStatus() == .exited(0))
      let third = try await akash.chat(at: host.place)
      try await third.say("in again")
      try await neha.waitForMessage("in again", from: "akash")
      #expect(try await !neha.screen().contains { $0.contains("zoe") })
    }
  }

  /// The server knows its address and port, so the command needs only the data folder.
  @Test func `the link has the address of the server`() async throws {
    try await Workspace.use { workspace in
      let host = try await Host.start(in: workspace)
      let local = try await host.run("invite")
      #expect(local.output.contains("swiftchat://127.0.0.1:\(host.server.port)/?pin=\(try await host.pin())&invite="))
      #expect(local.errors.contains("listens only on this machine"))
      let elsewhere = try await host.run("invite", "--host", "chat.example.org:443")
      #expect(elsewhere.output.contains("swiftchat://chat.example.org:443/?pin="))
      let several = try await host.run("invite", "--host", "a.example.org,[::1]:443")
      #expect(several.output.contains("swiftchat://a.example.org:\(host.server.port),[::1]:443/?pin="))
      let many = try await host.run("invite", "--uses", "20000")
      #expect(many.status == .exited(64))
      #expect(many.errors.contains("--uses is 20000; it goes from 1 to 10000."))
    }
  }

  @Test func `the link has the hosts that the operator names`() async throws {
    try await Workspace.use { workspace in
      let options = ["--public-host", "chat1.example.org", "--public-host", "[::1]:443"]
      let host = try await Host.start(in: workspace, options: options)
      let hosts = "swiftchat://chat1.example.org:\(host.server.port),[::1]:443/?pin=\(try await host.pin())"
      let invited = try await host.run("invite")
      #expect(invited.output.contains(hosts + "&invite="))
      #expect(invited.errors == "one person may come in, within 1 week\n")
      let elsewhere = try await host.run("invite", "--host", "chat.example.org")
      #expect(elsewhere.output.contains("swiftchat://chat.example.org:\(host.server.port)/?pin="))
    }
  }

  #if os(Linux)
    /// An invitation that cannot be printed is not made, or is at least not lost.
    @Test func `an invitation that cannot be printed is not made`() async throws {
      try await Workspace.use { workspace in
        let host = try await Host.start(in: workspace)
        for command in ["invite", "admin ban zoe", "admin bans"] {
          let child = try workspace.launch(
            "/bin/sh",
            ["-c", "exec \"$0\" \(command) --data \"$1\" > /dev/full", try Binary.path(), workspace.data.path])
          let outcome = try await Outcome(of: child)
          #expect(outcome.status == .exited(1))
          #expect(outcome.errors == "Error: cannot write to standard output: No space left on device\n")
        }
        #expect(try await host.admin("audit", "--json") == "")
        // Also commands that need no server. A key that was not shown is not made.
        for command in ["identity show", "identity export", "--version", "--help", "trust --forget localhost"] {
          let child = try workspace.launch(
            "/bin/sh", ["-c", "exec \"$0\" \(command) > /dev/full", try Binary.path()])
          let outcome = try await Outcome(of: child)
          #expect(outcome.status == .exited(1), "\(command)")
          #expect(
            outcome.errors.hasPrefix("Error: ") && outcome.errors.filter { $0 == "\n" }.count == 1, "\(outcome.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: workspace.state.path + "/swiftchat/identity"))
      }
    }
  #endif

  @Test func `without a running server no invitation is made`() async throws {
    try await Workspace.use { workspace in
      let neha = try Person("neha", in: workspace)
      let outcome = try await neha.run("invite")
      #expect(outcome.status == .exited(1))
      #expect(outcome.output == "")
      #expect(outcome.errors.hasPrefix("Error: no server runs on "))
      #expect(outcome.errors.count { $0 == "\n" } == 1)
    }
  }
}
