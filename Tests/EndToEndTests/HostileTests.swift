import Foundation
import TestSupport
import Testing

/// A server that sends escape sequences in every possible place.
@Suite(.interacting, .serialized)
struct HostileTests {
  /// Sequences that must not reach the terminal: clipboard, title, colours, cursor, and characters that reorder, join
  /// or hide text.
  private static let poison =
    "\u{1b}]52;c;cHduZWQ=\u{7}\u{1b}]0;pwned\u{7}\u{1b}[2J\u{1b}[41m\u{1b}P+q544e\u{1b}\\\u{9b}5A\u{9d}0;pwned\u{9c}"
    + "\u{202e}\u{2066}\u{200b}\u{feff}\u{ad}\u{e0041}\u{8}\u{7f}"

  /// Traces of the poison that the terminal must never receive. The client itself writes BEL, backspace and clearing.
  private static let traces = [
    "\u{1b}]52", "\u{1b}]0;pwned", "\u{1b}[41m", "\u{1b}P", "\u{9b}", "\u{9d}", "\u{202e}", "\u{2066}", "\u{200b}",
    "\u{feff}", "\u{ad}", "\u{e0041}",
  ]

  private static func list(_ kind: String, _ label: String, _ lines: String...) -> String {
    "@label=\(label) BATCH +z \(kind)\n" + lines.map { "@batch=z \($0)\n" }.joined() + "BATCH -z\n"
  }

  private static let time = "2026-11-22T10:00:00.123Z"
  private static let key = String(repeating: "A", count: 43)

  /// All files in the workspace, except those of the test programs.
  private func files(in workspace: Workspace) throws -> Set<String> {
    Set(
      try FileManager.default.subpathsOfDirectory(atPath: workspace.folder.path)
        .filter { !$0.hasPrefix("people/neha/state/swiftchat/") && !$0.hasPrefix("tmux") })
  }

  @Test func `no control sequence of a server reaches the terminal`() async throws {
    try await Workspace.use { workspace in
      let reserved = try ReservedPort()
      let server = try await TLSListener.start(in: workspace, port: reserved.number)
      async let _: Void = server.answerPings()
      let person = try Person("neha", in: workspace)
      let recording = workspace.folder.appendingPathComponent("recording")
      // The client retries until the server listens.
      let session = try await person.open("127.0.0.1:\(server.port)", columns: 99, rows: 50)
      try await session.record(to: recording)
      let poison = Self.poison
      let asked = try await server.waitForRequest("CAP REQ ").line.dropFirst("CAP REQ ".count)
      try await server.send("CAP ACK \(asked)\nCHALLENGE \(Self.key)\n")
      let login = try await server.waitForRequest("LOGIN neha")
      try await server.send("@label=\(login.label);token=secret;name=neha;owned OK LOGIN\n")
      try await session.waitFor(text: "as neha")
      try await server.send("MOTD \(poison)first\nMSG eve and now\n")
      try await session.waitForMessage("and now", from: "eve")
      let before = try files(in: workspace)

      // Lines that a server may send unasked.
      let endless = String(repeating: "\(poison)long ", count: 900)
      let long = String(repeating: "\(poison)long ", count: 15)
      try await server.send(
        """
        MOTD \(poison)motd
        MSG eve \(poison)message
        MSG e\u{202e}ve unbelievable
        MSG \(Self.poison) unbelievable
        MSG neh\u{430} looks alike
        MSG eve /me \(poison)acts
        TOPIC eve \(poison)topic
        @room=#lobby;seq=9007199254740993;time=\(poison) MSG eve \(poison)tagged
        JOINED zo\u{200b}e
        JOINED zoe
        AWAY zoe \(poison)lunch
        LEFT zoe \(poison)
        INFO \(poison)information
        INFO \(poison) disconnected
        ERR \(Self.poison) MSG \(poison)error
        ERR not-found * \(poison)error
        \(poison)nonsense
        SYNC @eve \(Self.poison) 4
        RESET #\(Self.poison) x
        REMOVED #lobby 1 \(Self.poison)
        GAP #lobby 1 99999999999999999999
        CHALLENGE \(poison)
        CAP ACK \(poison)
        MOTD \(endless)
        MOTD \(long)
        INFO \(long)
        ERR not-found * \(long)
        @\(String(repeating: "x", count: 9000)) MSG eve tagged
        MSG eve and then

        """)
      try await session.waitForMessage("and then", from: "eve")
      try await check(session)

      // Answers to requests.
      try await session.say("/key list")
      let keys = try await server.waitForRequest("KEY LIST")
      try await server.send(Self.list("keys", keys.label, "KEY \(Self.key) \(Self.time) \(poison)label"))
      try await session.waitFor(text: "label")
      try await session.say("/bans")
      let bans = try await server.waitForRequest("BANS")
      try await server.send(
        Self.list(
          "sanctions", bans.label, "SANCTION ban @troll * host \(poison)reason",
          "SANCTION mute @tr\u{202e}oll * host no"))
      try await session.waitFor(text: "reason")
      try await session.say("/audit")
      let audit = try await server.waitForRequest("AUDIT")
      try await server.send(
        Self.list("acts", audit.label, "ACT \(Self.time) host KICK \(Self.poison)whom \(poison)why"))
      try await session.waitFor(text: "whom")
      try await check(session)
      try await session.say("/ops")
      let ops = try await server.waitForRequest("OPS")
      try await server.send(Self.list("operators", ops.label, "OPERATOR \(Self.poison)", "OPERATOR opera"))
      try await session.waitFor(text: "opera")
      try await session.say("/kick eve")
      let kick = try await server.waitForRequest("KICK")
      try await server.send("@label=\(kick.label) ERR not-operator KICK \(poison)refused\n")
      try await session.waitFor(text: "refused")
      try await session.say("/rooms")
      let rooms = try await server.waitForRequest("ROOMS")
      try await server.send(
        Self.list("rooms", rooms.label, "ROOM #\(Self.poison) 1 no", "ROOM #attic 3 \(poison)subject"))
      try await session.waitFor(text: "subject")
      try await check(session)
      try await session.press("Escape")
      try await session.waitFor("the list gone") { !$0.contains { $0.contains("subject") } }

      // The disconnect reason.
      try await server.send("BYE kicked \(poison)farewell \(long)\n")
      try await session.waitFor(text: "farewell")
      try await check(session)
      try await session.press("C-q")
      #expect(try await session.exitStatus() == .exited(0))
      #expect(try files(in: workspace) == before)
      let written = try await session.recordedToEnd(in: recording)
      #expect(written.contains("farewell"))
      for trace in Self.traces {
        #expect(!written.unicodeScalars.contains(Array(trace.unicodeScalars)), "\(trace.debugDescription)")
      }
      withExtendedLifetime(reserved) {}
    }
  }

  private func check(
    _ session: TerminalSession, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let screen = try await session.styledScreen(sourceLocation: sourceLocation).joined(separator: "\n")
    for trace in Self.traces where trace != "\u{1b}P" {
      #expect(
        !screen.unicodeScalars.contains(Array(trace.unicodeScalars)), "\(trace.debugDescription)",
        sourceLocation: sourceLocation)
    }
    let snapshot = try await session.snapshot(sourceLocation: sourceLocation)
    #expect(snapshot.titleWithoutCount == "swiftchat", sourceLocation: sourceLocation)
    #expect(snapshot.rows[0].hasPrefix(" 1 #lobby"), sourceLocation: sourceLocation)
    // The text is at least not shown as a message of a user.
    #expect(!snapshot.rows.contains { $0.contains("    unbelievable") }, sourceLocation: sourceLocation)
  }

  private static let firstLines = [
    "\(poison)welcome\n", "ERR server-full \(poison)welcome\n", "ERR \(poison)welcome\n", "\u{1b}]52;c;eA==\u{7}",
    String(repeating: poison, count: 1000),
  ]

  /// Lines before TLS and before login.
  @Test(arguments: firstLines.indices) func `a line before TLS never reaches the terminal`(index: Int) async throws {
    let line = Self.firstLines[index]
    try await Workspace.use { workspace in
      let listener = try Listener()
      let place = "127.0.0.1:\(listener.port)"
      let person = try Person("neha", in: workspace)
      // The host is known, so that its line is shown and the connection ends.
      #expect(try await person.run("trust", "--", place, Self.key).status == .exited(0))
      let recording = workspace.folder.appendingPathComponent("recording")
      let session = try await person.open(place)
      try await session.record(to: recording)
      async let _: Void = listener.greet(with: line)
      try await session.waitFor("a reason") { rows in
        rows.contains {
          $0.contains("no longer encrypted") || $0.contains("The server is full") || $0.contains("welcome")
        }
      }
      let outcome = try await person.run("trust", place)
      #expect(outcome.status == .exited(1))
      let written = String(decoding: try Data(contentsOf: recording), as: UTF8.self)
      for text in [written, outcome.output, outcome.errors] {
        for trace in Self.traces {
          #expect(!text.unicodeScalars.contains(Array(trace.unicodeScalars)), "\(trace.debugDescription)")
        }
      }
      #expect(try await session.snapshot().titleWithoutCount == "swiftchat")
    }
  }
}
