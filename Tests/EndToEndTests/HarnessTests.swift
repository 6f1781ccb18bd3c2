import Foundation
import TestSupport
import Testing

/// Tests of the test harness with standard programs, so that failures of the other tests are failures of the chat.
@Suite(.interacting, .serialized)
struct HarnessTests {
  // MARK: Terminal

  @Test func `typed text and pressed keys reach the program`() async throws {
    try await Workspace.use { workspace in
      let cat = try await TerminalSession.start(in: workspace, columns: 40, rows: 5, command: "/bin/cat")
      try await cat.type("one; héé 你;")
      try await cat.waitFor("the echo of the terminal") { $0[0] == "one; héé 你;" }
      #expect(try await cat.cursor() == .init(column: 12, row: 0))
      try await cat.press("Enter")
      try await cat.waitFor("the copy of cat") { $0 == ["one; héé 你;", "one; héé 你;", "", "", ""] }
      try await cat.press("C-d")
      let status = try await cat.exitStatus()
      #expect(status == .exited(0))
    }
  }

  @Test func `keys arrive as their bytes`() async throws {
    try await Workspace.use { workspace in
      let script = "stty raw -echo; echo ready; dd bs=1 count=12 2>/dev/null | od -An -c; cat"
      let od = try await TerminalSession.start(in: workspace, command: "/bin/sh", arguments: ["-c", script])
      try await od.waitFor(text: "ready")
      try await od.press("M-1", "C-n", "F8", "C-c")
      try await od.send([0xFF, 0x00, 0x3B])
      try await od.waitFor("the bytes") { rows in
        let words = rows.joined(separator: " ").split(separator: " ").joined(separator: " ")
        return words.contains("033 1 016 033 [ 1 9 ~ 003 377 \\0 ;")
      }
    }
  }

  @Test func `a paste is bracketed`() async throws {
    try await Workspace.use { workspace in
      let script = "stty -icrnl -icanon -echo; echo ready; dd bs=1 count=16 2>/dev/null | od -An -c; cat"
      let od = try await TerminalSession.start(in: workspace, command: "/bin/sh", arguments: ["-c", script])
      try await od.waitFor(text: "ready")
      try await od.paste("é\n;")
      try await od.waitFor("the bytes") { rows in
        let words = rows.joined(separator: " ").split(separator: " ").joined(separator: " ")
        return words.contains("033 [ 2 0 0 ~ 303 251 \\r ; 033 [ 2 0 1 ~")
      }
    }
  }

  @Test func `a long paste arrives completely`() async throws {
    try await Workspace.use { workspace in
      let script = "stty raw -echo; echo ready; dd bs=1 count=9012 2>/dev/null | wc -c; cat"
      let session = try await TerminalSession.start(in: workspace, command: "/bin/sh", arguments: ["-c", script])
      try await session.waitFor(text: "ready")
      try await session.paste(String(repeating: "x", count: 9000))
      try await session.waitFor(text: "9012")
    }
  }

  @Test func `the program receives the size and its changes`() async throws {
    try await Workspace.use { workspace in
      let script = "trap 'stty size' WINCH; stty size; while :; do sleep 0.05; done"
      let shell = try await TerminalSession.start(
        in: workspace, columns: 100, rows: 30, command: "/bin/sh", arguments: ["-c", script])
      try await shell.waitFor("the first size") { $0.count == 30 && $0[0] == "30 100" }
      try await shell.resize(columns: 20, rows: 5)
      try await shell.waitFor("the second size") { $0.count == 5 && $0[1] == "5 20" }
      try await shell.resize(columns: 1, rows: 1)
      try await shell.waitFor("the smallest screen") { $0.count == 1 }
    }
  }

  @Test func `a snapshot has the complete state of the screen`() async throws {
    try await Workspace.use { workspace in
      let script = #"""
        printf '\033[?1049h\033[?25l\033[H\033]2;a title: 1 of 2\033\\\033[1;31mred\033[0m plain\033[3;5H'
        read -r line
        printf '\033[?1049l\033[?25hleft\n'
        read -r line
        exit 3
        """#
      let shell = try await TerminalSession.start(
        in: workspace, columns: 20, rows: 4, command: "/bin/sh", arguments: ["-c", script])
      let shown = try await shell.waitForSnapshot("the cursor") { $0.cursor == .init(column: 4, row: 2) }
      #expect(shown.rows == ["red plain", "", "", ""])
      #expect(shown.alternateOn)
      #expect(!shown.isCursorVisible)
      #expect(shown.title == "a title: 1 of 2")
      #expect(try await shell.styledScreen()[0].hasPrefix("\u{1B}[1m\u{1B}[31mred\u{1B}[0m"))

      try await shell.press("Enter")
      let left = try await shell.waitForSnapshot("the first screen") { $0.rows[0] == "left" }
      #expect(left.rows == ["left", "", "", ""])
      #expect(!left.alternateOn)
      #expect(left.isCursorVisible)
      try await shell.press("Enter")
      #expect(try await shell.exitStatus() == .exited(3))
    }
  }

  @Test func `the environment is that of the workspace`() async throws {
    try await Workspace.use { workspace in
      let shell = try await TerminalSession.start(
        in: workspace, columns: 200, command: "/bin/sh",
        arguments: ["-c", "echo $HOME:$LANG:$TERM:$GREETING:${LINES-}; pwd; read line"],
        environment: ["TERM": "vt100", "GREETING": "a b;"])
      let language = try #require(workspace.environment["LANG"])
      try await shell.waitFor(text: "\(workspace.home.path):\(language):vt100:a b;:")
      try await shell.waitFor("the folder") { $0[1].hasSuffix(workspace.home.path) }
      try await shell.press("Enter")
      #expect(try await shell.exitStatus() == .exited(0))
    }
  }

  @Test func `a signal is reported differently from an exit`() async throws {
    try await Workspace.use { workspace in
      let cat = try await TerminalSession.start(in: workspace, command: "/bin/cat")
      cat.signal(SIGKILL)
      #expect(try await cat.exitStatus() == .signalled(SIGKILL))
    }
  }

  @Test func `the last output of a program is on the screen when its end is known`() async throws {
    try await Workspace.use { workspace in
      // More than the terminal has read when the program ends.
      let script = "seq 1 30000; printf '\\033[?25l'; exit 3"
      for _ in 1...3 {
        let session = try await TerminalSession.start(
          in: workspace, columns: 20, rows: 4, command: "/bin/sh", arguments: ["-c", script])
        #expect(try await session.exitStatus() == .exited(3))
        let shown = try await session.snapshot()
        #expect(shown.rows == ["29998", "29999", "30000", ""])
        #expect(!shown.isCursorVisible)
      }
    }
  }

  @Test func `keys of the terminal end the program, and its end is still known`() async throws {
    try await Workspace.use { workspace in
      let cat = try await TerminalSession.start(in: workspace, command: "/bin/cat")
      try await cat.type("hello")
      try await cat.waitFor(text: "hello")
      try await cat.press("C-c")
      #expect(try await cat.exitStatus() == .signalled(SIGINT))
      try await cat.press("C-c")
      #expect(try await cat.exitStatus() == .signalled(SIGINT))
    }
  }

  @Test func `a failed wait shows the screen`() async throws {
    try await Workspace.use { workspace in
      let cat = try await TerminalSession.start(in: workspace, columns: 20, rows: 3, command: "/bin/cat")
      try await cat.type("hello")
      try await cat.waitFor(text: "hello")
      try await withKnownIssue {
        try await cat.waitFor("good bye", timeout: .zero) { $0[0] == "good bye" }
      } matching: { issue in
        issue.comments.contains { comment in
          comment.rawValue.contains("good bye") && comment.rawValue.contains("│hello\n│\n│")
        }
      }
      // The end of the program is detected at once: this returns long before its timeout.
      try await cat.press("Enter")
      try await cat.waitFor("the copy of cat") { $0[1] == "hello" }
      try await cat.press("C-d")
      try await cat.exitStatus()
      try await withKnownIssue {
        try await cat.waitFor(text: "good bye")
      } matching: { issue in
        issue.comments.contains { $0.rawValue.contains("the program ended, exited(0)") }
      }
    }
  }

  // MARK: Connections

  @Test func `netcat sends, half-closes and continues to receive`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let netcat = try NetcatClient.connect(in: workspace, port: listener.port)
      try await netcat.send(line: "LOGIN neha")
      let server = try await listener.accept()
      try await server.waitFor(exactly: "LOGIN neha\n")
      try await server.send("OK\n")
      try await netcat.waitFor("OK")
      netcat.closeInput()
      #expect(try await server.end() == .closed)
      try await server.send("late\n")
      try await netcat.waitFor(exactly: "OK\nlate\n")
      server.close()
      #expect(try await netcat.end() == .exited(0))
      #expect(netcat.received == Array("OK\nlate\n".utf8))
    }
  }

  @Test func `an unexpected byte fails at once`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let netcat = try NetcatClient.connect(in: workspace, port: listener.port)
      let server = try await listener.accept()
      try await server.send("OK \n")
      try await withKnownIssue {
        try await netcat.waitFor(exactly: "OK\n")
      } matching: { issue in
        issue.comments.contains { $0.rawValue.contains("received\nOK \n") }
      }
      try await netcat.terminate()
      #expect(netcat.status == .signalled(SIGINT))
      #expect(try await server.end() == .closed)
    }
  }

  @Test func `bytes arrive however they are split`() async throws {
    let listener = try Listener()
    let client = try RawClient.connect(port: listener.port)
    let server = try await listener.accept()
    try await client.send(pieces: [[0x00], [0xC3], [0xA9, 0x0D], [0x0A]])
    try await server.waitFor(exactly: "\0é\r\n")
    client.halfClose()
    #expect(try await server.end() == .closed)
    try await server.send("more")
    server.close()
    #expect(try await client.end() == .closed)
    #expect(client.received == Array("more".utf8))
  }

  @Test func `a reset is reported differently from a close`() async throws {
    let listener = try Listener()
    let client = try RawClient.connect(host: "localhost", port: listener.port)
    let server = try await listener.accept()
    client.reset()
    #expect(try await server.end() == .reset)
  }

  @Test func `a reader can stall`() async throws {
    let listener = try Listener()
    let client = try RawClient.connect(port: listener.port, receiveBuffer: 4096)
    let server = try await listener.accept()
    let flood = [UInt8](repeating: 0x78, count: 32 << 20)
    let taken = try await server.sendWhileTaken(flood)
    #expect((1..<flood.count).contains(taken))
    server.halfClose()
    #expect(try await client.end() == .closed)
    #expect(client.received.count == taken)
  }

  // MARK: Server

  @Test func `the address that the server announces is read`() async throws {
    try await Workspace.use { workspace in
      let executable = try workspace.serveScript(
        """
        echo "warming up: 1:2"
        printf '[+] Chat server listening on [::]:40'
        echo "asked for: $0 $*" >&2
        sleep 0.1
        echo 00
        trap 'echo bye; exit 7' TERM
        while :; do sleep 0.05; done
        """)
      let server = try await ServerProcess.start(in: workspace, options: ["--verbose"], executable: executable)
      #expect(server.host == "[::]")
      #expect(server.port == 4000)
      try await server.waitFor("asked for: serve --port 0 --verbose")
      #expect(try await server.terminate() == .exited(7))
      #expect(server.output.hasSuffix("bye\n"))
    }
  }

  @Test func `a server that exits at once is reported`() async throws {
    try await Workspace.use { workspace in
      let executable = try workspace.serveScript("echo 'no such option' >&2; exit 64")
      try await withKnownIssue {
        _ = try await ServerProcess.start(in: workspace, executable: executable)
      } matching: { issue in
        issue.comments.contains {
          $0.rawValue.contains("ended: exited(64)") && $0.rawValue.contains("no such option")
        }
      }
    }
  }

  @Test func `the output of a server never blocks it`() async throws {
    try await Workspace.use { workspace in
      let executable = try workspace.serveScript(
        """
        echo '[+] Chat server listening on 0.0.0.0:1'
        head -c 3000000 /dev/zero >&2
        head -c 20000000 /dev/zero
        """)
      let server = try await ServerProcess.start(in: workspace, executable: executable)
      #expect(try await server.end() == .exited(0))
      #expect(server.errors.utf8.count == 3_000_000)
      #expect(server.output.utf8.count == ChildProcess.outputLimit)
    }
  }

  @Test func `the binary is found`() throws {
    #expect(try Binary.path().hasSuffix("/swiftchat"))
  }

  // MARK: Cleaning up

  @Test func `nothing remains when a test throws`() async throws {
    struct Thrown: Error {}
    let left = Left()
    await #expect(throws: Thrown.self) {
      try await Workspace.use { workspace in
        // Both ignore every signal but SIGKILL and have a child.
        let deaf = "trap '' HUP INT TERM; echo ready; sleep 1000; sleep 1000"
        let session = try await TerminalSession.start(in: workspace, command: "/bin/sh", arguments: ["-c", deaf])
        try await session.waitFor(text: "ready")
        let child = try workspace.launch("/bin/sh", ["-c", "trap '' TERM; echo $$; while :; do sleep 0.05; done"])
        let netcat = try NetcatClient.connect(in: workspace, port: try left.listener().port)
        left.processes = [session.processID, child.processID, netcat.processID]
        left.folder = workspace.folder.path
        throw Thrown()
      }
    }
    #expect(left.processes.count == 3)
    #expect(!FileManager.default.fileExists(atPath: left.folder))
    for process in left.processes { try await Patience.expectGone(process) }
  }

  private final class Left: @unchecked Sendable {  // Used by one test, sequentially.
    var processes: [pid_t] = []
    var folder = "/"
    private var held: Listener?

    func listener() throws -> Listener {
      let listener = try Listener()
      held = listener
      return listener
    }
  }
}
