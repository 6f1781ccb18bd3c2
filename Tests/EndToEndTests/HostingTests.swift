import Foundation
import TestSupport
import Testing

/// A chat that the client hosts, because no server runs.
@Suite(.interacting)
struct HostingTests {
  /// Starts a client without a server, accepts its offer to host, and calls the body with the client and its port.
  /// - Parameter settings: the server's settings file; nil for none.
  private func host(
    _ settings: String? = nil, environment: [String: String] = [:],
    _ body: (_ host: TerminalSession, _ port: Int, _ workspace: Workspace) async throws -> Void
  ) async throws {
    try await Workspace.use { workspace in
      if let settings {
        // Its usual place.
        let folder = workspace.configuration.appendingPathComponent("swiftchat")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let text = settings.replacing("DATA", with: workspace.data.path)
        try text.write(to: folder.appendingPathComponent("server.toml"), atomically: true, encoding: .utf8)
      }
      let reserved = try ReservedPort()
      let port = reserved.number
      // Clients may be silent for as long as a loaded machine makes them.
      let usual = [
        "SWIFTCHAT_PORT": "\(port)", "USER": "neha", "SWIFTCHAT_IDLE_TIMEOUT": "0", "SWIFTCHAT_LOGIN_TIMEOUT": "0",
      ]
      let session = try await TerminalSession.start(in: workspace, environment: usual.merging(environment) { $1 })
      try await session.waitFor(text: "Nothing listens on localhost:\(port). Host the chat here?")
      try await session.press("Enter")
      try await body(session, port, workspace)
      withExtendedLifetime(reserved) {}
    }
  }

  @Test func `without a server the client offers to host`() async throws {
    try await host { host, port, workspace in
      try await host.waitFor(text: "connected to localhost:\(port) as neha")
      try await host.waitFor(text: "swiftchat connect")
      let zoe = try NetcatClient.connect(in: workspace, port: port)
      try await zoe.send(line: "LOGIN zoe")
      try await zoe.waitFor(exactly: "OK\n")
      try await host.waitFor(text: "zoe joined")
      // Quitting asks first.
      try await host.press("C-q")
      try await host.waitFor(text: "y: leave   Esc: stay")
      try await host.press("Escape")
      // Escape directly before a letter would be read as Alt.
      try await host.waitFor("the question gone") { !$0.contains { $0.contains("Esc: stay") } }
      try await host.say("I stay a little")
      try await zoe.waitFor(exactly: "OK\nMSG neha I stay a little\n")
      try await host.press("C-q")
      try await host.waitFor(text: "y: leave   Esc: stay")
      try await host.press("y")
      #expect(try await host.exitStatus() == .exited(0))
      try await zoe.waitFor("INFO server-shutting-down\n")
      #expect(String(decoding: zoe.received, as: UTF8.self).hasSuffix("INFO server-shutting-down\n"))
    }
  }

  @Test func `a chat that the client hosts has the settings of the server`() async throws {
    let settings = "port = 1\ninvite-only = true\ndata = \"DATA\"\n"
    try await host(settings, environment: ["SWIFTCHAT_LOG_FORMAT": "json"]) { host, port, workspace in
      // The first user on the host needs no invitation.
      try await host.waitFor(text: "connected to localhost:\(port) as neha")
      let zoe = try NetcatClient.connect(in: workspace, port: port)
      try await zoe.send(line: "LOGIN zoe")
      try await zoe.waitFor(exactly: "ERR invite-required\n")
      #expect(FileManager.default.fileExists(atPath: workspace.data.appendingPathComponent("log.sqlite").path))
      // The log is not on the screen.
      let log = workspace.state.appendingPathComponent("swiftchat/client.log")
      #expect(try String(contentsOf: log, encoding: .utf8).contains("\"message\":\"listening\""))
      #expect(try await !host.screen().contains { $0.contains("\"message\"") })
    }
  }

  @Test func `without data, a chat that the client hosts is the one of the client's port`() async throws {
    try await host("port = 1\n") { host, port, workspace in
      try await host.waitFor(text: "connected to localhost:\(port) as neha")
      let folder = workspace.state.appendingPathComponent("swiftchat")
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("port-\(port)/log.sqlite").path))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("port-1").path))
    }
  }

  @Test(
    arguments: [
      ("invite-only = true\nkeep", [:], "line 2: there is no = after 'keep'"),
      ("", ["SWIFTCHAT_INVITE_ONYL": "true"], "did you mean SWIFTCHAT_INVITE_ONLY?"),
      ("motd = \"/nowhere\"", [:], "cannot read the message of the day from /nowhere: there is no such file"),
    ] as [(String, [String: String], String)])
  func `with a mistake in the settings nothing is hosted`(
    settings: String, environment: [String: String], reason: String
  ) async throws {
    try await host(settings, environment: environment) { host, port, workspace in
      let rows = try await host.waitFor("the reason") { $0.words.contains(reason) }
      #expect(rows.count { $0.contains("cannot host:") } == 1, "\(rows)")
      let nobody = try NetcatClient.connect(in: workspace, port: port)
      #expect(try await nobody.end() == .exited(1))
      let folder = workspace.state.appendingPathComponent("swiftchat/port-\(port)")
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
  }

  #if os(Linux)
    @Test func `the client goes to the address that the settings make its chat listen on`() async throws {
      try await host("host = [\"127.0.0.2\"]\n") { host, port, workspace in
        try await host.waitFor(text: "connected to 127.0.0.2:\(port) as neha")
        try await host.waitFor(text: "is closed")
        let zoe = try NetcatClient.connect(in: workspace, host: "127.0.0.2", port: port)
        try await zoe.send(line: "LOGIN zoe")
        try await zoe.waitFor(exactly: "OK\n")
        try await host.waitFor(text: "zoe joined")
        // Quitting ends the chat of others, and asks first.
        try await host.press("C-q")
        try await host.waitFor(text: "y: leave   Esc: stay")
        try await host.press("y")
        #expect(try await host.exitStatus() == .exited(0))
        try await zoe.waitFor("INFO server-shutting-down\n")
      }
    }
  #endif
}
