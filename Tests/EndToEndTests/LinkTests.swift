import Foundation
import Synchronization
import TestSupport
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
      try await second.press("C-q")
      #expect(try await second.exitStatus() == .exited(0))
      // The answer is remembered, and the refused name is not.
      let third = try await TerminalSession.start(in: workspace, arguments: ["connect", "127.0.0.1:\(server.port)"])
      try await third.waitFor(text: "as NEHA2")
    }
  }

  @Test func `a user whose new name is refused stays in the chat`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let other = try NetcatClient.connect(in: workspace, port: server.port)
      try await other.send(line: "LOGIN zoe")
      try await other.waitFor(exactly: "OK\n")
      let session = try await TerminalSession.start(
        in: workspace, arguments: ["connect", "127.0.0.1:\(server.port)", "--name", "neha"])
      try await session.waitFor(text: "as neha")
      try await session.say("/name zoe")
      try await session.waitFor(text: "you stay neha: the server refused the name zoe.")
      try await session.say("still here")
      try await session.waitForMessage("still here", from: "neha")
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
      // The answers that are held back, because they would confirm the message; nil: none are.
      let held = Mutex<String?>(nil)
      // A child task runs on the test's own thread, which other tests cannot hold up: the client waits only two seconds.
      async let _: Void = server.answer { line in
        let reply = line == "PING" ? "PONG\n" : line == "WHO" ? "USER akash\nUSER neha\n" : ""
        return held.withLock { held in
          if line == "MSG no echo here" { held = "" }
          guard let earlier = held else { return reply }
          held = earlier + reply
          return ""
        }
      }
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
      // The server may not have read the line yet.
      let answers = try await Patience.answer {
        held.withLock { held in
          defer { held = nil }
          return held
        }
      }
      try await server.send(try #require(answers))
      try await neha.waitFor("the line as it was sent") { rows in
        rows.author(of: "no echo here") == "neha"
      }
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
      let frame = "2 users online\nUSER bob\nUSER neha\n--- End of List ---\n"
      // A child task runs on the test's own thread, which other tests cannot hold up: the client waits only two seconds.
      async let _: Void = server.answer { line in
        switch line {
        case "WHO": frame
        case "PING": "PONG\n"
        case "MSG done": "MSG neha done\n"
        default: ""
        }
      }
      try await neha.waitFor(text: "as neha")
      try await neha.waitFor("a tab for bob") { $0[0].contains("bob") }
      try await neha.waitFor("the list of people") { $0[0].hasSuffix("2 ☺") }
      try await neha.say("done")
      let rows = try await neha.waitForMessage("done", from: "neha")
      #expect(!rows.contains { $0.contains("expected-login") || $0.contains("users online") || $0.contains("End of") })
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
        // Another loopback address than that of localhost, where no other test gets the same port.
        let reserved = try ReservedPort()
        let listener = try Listener(host: 0x7F00_0002, port: reserved.number)
        let neha = try await TerminalSession.start(
          in: workspace, environment: ["SWIFTCHAT_PORT": "\(listener.port)", "USER": "neha"])
        try await neha.waitFor(text: "another program uses port \(listener.port)")
        let rows = try await neha.waitFor(text: "--port \(listener.port + 1)")
        #expect(!rows.contains { $0.contains("Nothing listens") || $0.contains("Host the chat here") })
        withExtendedLifetime(reserved) {}
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
