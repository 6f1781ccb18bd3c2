import TestSupport
import Foundation
import Testing

/// The client when the server is unreachable, stops, or is a foreign one.
@Suite(.interacting, .serialized)
struct LinkTests {
  @Test func `the client reconnects after the server was killed`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let server = try await ServerProcess.start(in: workspace, port: reserved.number)
      let neha = try await TerminalSession.chat(in: workspace, as: "neha", port: server.port)
      try await server.terminate(SIGKILL)
      try await neha.waitFor(text: "offline, again in")
      try await neha.say("typed in the dark")
      try await neha.waitFor(text: "--:-- ")
      let second = try await ServerProcess.start(in: workspace, port: server.port)
      try await neha.waitForMessage("typed in the dark", from: "neha")
      let zoe = try NetcatClient.connect(in: workspace, port: second.port)
      try await zoe.send(line: "LOGIN zoe")
      try await zoe.waitFor(exactly: "OK\n")
      try await neha.say("and here I am")
      try await zoe.waitFor(exactly: "OK\nMSG neha and here I am\n")
      withExtendedLifetime(reserved) {}
    }
  }

  @Test func `for a taken name the user is asked again`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let first = try NetcatClient.connect(in: workspace, port: server.port)
      try await first.send(line: "LOGIN neha")
      try await first.waitFor(exactly: "OK\n")
      let second = try await TerminalSession.start(
        in: workspace, arguments: ["connect", "127.0.0.1:\(server.port)", "--name", "NEHA"])
      try await second.waitFor("the question for another name") { rows in
        rows.contains { $0.contains("Choose another name: NEHA is taken.") }
          && rows.last?.hasPrefix(" name› NEHA2") == true
      }
      try await second.press("Enter")
      try await second.waitFor(text: "as NEHA2")
    }
  }

  @Test func `a chosen name is remembered`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let place = "localhost:\(server.port)"
      let first = try await TerminalSession.start(
        in: workspace, arguments: ["connect", place], environment: ["USER": "akash"])
      try await first.waitFor(text: "as akash")
      try await first.say("/name neha")
      try await first.waitFor(text: "as neha")
      try await first.press("C-q")
      #expect(try await first.exitStatus() == .exited(0))
      let second = try await TerminalSession.start(
        in: workspace, arguments: ["connect", place], environment: ["USER": "akash"])
      try await second.waitFor(text: "as neha")
      try await second.press("C-q")
      #expect(try await second.exitStatus() == .exited(0))
      let third = try await TerminalSession.start(
        in: workspace, arguments: ["connect", place, "--name", "zoe"], environment: ["USER": "akash"])
      try await third.waitFor(text: "as zoe")
      try await third.press("C-q")
      #expect(try await third.exitStatus() == .exited(0))
      let fourth = try await TerminalSession.start(
        in: workspace, arguments: ["connect", place], environment: ["USER": "akash"])
      try await fourth.waitFor(text: "as zoe")
    }
  }

  @Test func `without a server the client offers to host`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let port = reserved.number
      let host = try await TerminalSession.start(
        in: workspace, environment: ["SWIFTCHAT_PORT": "\(port)", "USER": "neha"])
      try await host.waitFor(text: "Nothing listens on localhost:\(port). Host the chat here?")
      try await host.press("Enter")
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
      withExtendedLifetime(reserved) {}
    }
  }

  /// Writes the server's settings file to its usual place.
  private func write(_ settings: String, in workspace: Workspace) throws {
    let folder = workspace.configuration.appendingPathComponent("swiftchat")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try settings.write(to: folder.appendingPathComponent("server.toml"), atomically: true, encoding: .utf8)
  }

  @Test func `a chat that the client hosts has the settings of the server`() async throws {
    try await Workspace.use { workspace in
      try write("port = 1\ninvite-only = true\ndata = \"\(workspace.data.path)\"\n", in: workspace)
      let reserved = try ReservedPort()
      let port = reserved.number
      let host = try await TerminalSession.start(
        in: workspace, environment: ["SWIFTCHAT_PORT": "\(port)", "SWIFTCHAT_LOG_FORMAT": "json", "USER": "neha"])
      try await host.waitFor(text: "Host the chat here?")
      try await host.press("Enter")
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
      withExtendedLifetime(reserved) {}
    }
  }

  @Test func `without data, a chat that the client hosts is the one of the client's port`() async throws {
    try await Workspace.use { workspace in
      try write("port = 1\n", in: workspace)
      let reserved = try ReservedPort()
      let port = reserved.number
      let host = try await TerminalSession.start(
        in: workspace, environment: ["SWIFTCHAT_PORT": "\(port)", "USER": "neha"])
      try await host.waitFor(text: "Host the chat here?")
      try await host.press("Enter")
      try await host.waitFor(text: "connected to localhost:\(port) as neha")
      let folder = workspace.state.appendingPathComponent("swiftchat")
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("port-\(port)/log.sqlite").path))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("port-1").path))
      withExtendedLifetime(reserved) {}
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
    try await Workspace.use { workspace in
      try write(settings, in: workspace)
      let reserved = try ReservedPort()
      let port = reserved.number
      let host = try await TerminalSession.start(
        in: workspace,
        environment: ["SWIFTCHAT_PORT": "\(port)", "USER": "neha"].merging(environment) { $1 })
      try await host.waitFor(text: "Host the chat here?")
      try await host.press("Enter")
      let rows = try await host.waitFor("the reason") { $0.words.contains(reason) }
      #expect(rows.count { $0.contains("cannot host:") } == 1, "\(rows)")
      let nobody = try NetcatClient.connect(in: workspace, port: port)
      #expect(try await nobody.end() == .exited(1))
      let folder = workspace.state.appendingPathComponent("swiftchat/port-\(port)")
      #expect(!FileManager.default.fileExists(atPath: folder.path))
      withExtendedLifetime(reserved) {}
    }
  }

  #if os(Linux)
    @Test func `the client goes to the address that the settings make its chat listen on`() async throws {
      try await Workspace.use { workspace in
        try write("host = [\"127.0.0.2\"]\n", in: workspace)
        let reserved = try ReservedPort()
        let port = reserved.number
        let host = try await TerminalSession.start(
          in: workspace, environment: ["SWIFTCHAT_PORT": "\(port)", "USER": "neha"])
        try await host.waitFor(text: "Host the chat here?")
        try await host.press("Enter")
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
        withExtendedLifetime(reserved) {}
      }
    }
  #endif

  @Test func `the plain dialect is used with a server that knows no other`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let neha = try await TerminalSession.start(
        in: workspace, arguments: ["connect", "127.0.0.1:\(listener.port)", "--name", "neha"])
      let server = try await listener.acceptPlain()
      try await server.waitFor("CAP REQ tags presence rooms history resume marks moderation lines\n")
      try await server.send("Welcome to my homework!\nERR unknown-command\n")
      try await server.waitFor("LOGIN neha\n")
      try await server.send("OK\n")
      try await server.waitFor("WHO\n")
      try await server.send("USER akash\n")
      try await server.waitFor("PING\n")
      try await server.send("USER neha\nPONG\n")
      try await neha.waitFor("the list of people") { rows in
        rows[0].hasSuffix("2 ☺")
      }
      try await server.send("MSG akash: hi there\n")
      try await neha.waitForMessage("hi there", from: "akash")
      try await neha.say("no echo here")
      try await server.waitFor("MSG no echo here\n")
      try await neha.waitFor("the line, not yet confirmed") { rows in
        rows.contains { $0.contains("···  neha    no echo here") }
      }
      let answers = Task { try await server.answer { $0 == "PING" ? "PONG\n" : $0 == "WHO" ? "USER neha\n" : "" } }
      try await neha.waitFor("the line as it was sent") { rows in
        rows.author(of: "no echo here") == "neha"
      }
      answers.cancel()
    }
  }

  @Test func `a server that answers late does not refuse the name`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let neha = try await TerminalSession.start(
        in: workspace, arguments: ["connect", "127.0.0.1:\(listener.port)", "--name", "neha"])
      let server = try await listener.acceptPlain()
      // The server reads nothing until the client has stopped waiting for the answer to CAP.
      try await server.waitFor("LOGIN neha\n")
      try await server.send("ERR expected-login\nOK\nDM bob were you away?\n")
      try await neha.waitFor(text: "as neha")
      let frame = "2 users online\nUSER bob\nUSER neha\n--- End of List ---\n"
      let answers = Task {
        try await server.answer { line in
          switch line {
          case "WHO": frame
          case "PING": "PONG\n"
          case "MSG done": "MSG neha done\n"
          default: ""
          }
        }
      }
      try await neha.waitFor("a tab for bob") { $0[0].contains("bob") }
      try await neha.waitFor("the list of people") { $0[0].hasSuffix("2 ☺") }
      try await neha.say("done")
      let rows = try await neha.waitForMessage("done", from: "neha")
      #expect(!rows.contains { $0.contains("expected-login") || $0.contains("users online") || $0.contains("End of") })
      answers.cancel()
    }
  }

  @Test func `a web server is reported once over all attempts`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let neha = try await TerminalSession.start(
        in: workspace, arguments: ["connect", "127.0.0.1:\(listener.port)", "--name", "neha"])
      for _ in 1...2 {
        let server = try await listener.accept()
        try await server.send("HTTP/1.1 400 Bad Request\r\nServer: test\r\n\r\n<html>no</html>\n")
        server.close()
      }
      let rows = try await neha.waitFor(text: "is a web server")
      #expect(!rows.contains { $0.contains("<html>") || $0.contains("Server: test") })
      // The status line shows the reason too.
      #expect(rows.dropLast(2).count { $0.contains("is a web server") } == 1, "\(rows)")
    }
  }

  #if os(Linux)
    @Test func `the client does not offer to host where another service uses the port`() async throws {
      try await Workspace.use { workspace in
        // Another loopback address than that of localhost.
        let listener = try Listener(host: 0x7F00_0002)
        let neha = try await TerminalSession.start(
          in: workspace, environment: ["SWIFTCHAT_PORT": "\(listener.port)", "USER": "neha"])
        try await neha.waitFor(text: "another program uses port \(listener.port)")
        let rows = try await neha.waitFor(text: "--port \(listener.port + 1)")
        #expect(!rows.contains { $0.contains("Nothing listens") || $0.contains("Host the chat here") })
      }
    }
  #endif

  @Test func `a hostile server cannot draw on the screen`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let neha = try await TerminalSession.start(
        in: workspace, arguments: ["connect", "127.0.0.1:\(listener.port)", "--name", "neha"])
      let server = try await listener.acceptPlain()
      try await server.waitFor("CAP REQ tags presence rooms history resume marks moderation lines\n")
      try await server.send("CAP ACK tags presence\n")
      try await server.waitFor("LOGIN neha\n")
      try await server.send("@label=1 OK LOGIN\nMSG eve \u{1b}[2J\u{1b}]0;pwned\u{7}\u{9b}5A\u{202e}live\u{0}\u{8}\n")
      // A line with an incredible author, and one that never ends.
      try await server.send(Array(repeating: UInt8(ascii: "x"), count: 100_000))
      try await server.send("\nMSG eve harmless\n")
      let rows = try await neha.waitForMessage("harmless", from: "eve")
      #expect(rows.contains { $0.contains("as neha") } && rows.contains { $0.contains("live") })
      #expect(rows[0].hasPrefix(" 1 #lobby"))
      #expect(try await neha.snapshot().titleWithoutCount == "swiftchat")
    }
  }
}
