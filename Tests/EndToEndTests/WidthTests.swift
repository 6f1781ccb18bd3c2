import TestSupport
import Testing

/// Texts whose width terminals measure differently, in a real terminal.
@Suite(.interacting)
struct WidthTests {
  private static let texts = [
    "plain", "हिन्दी क्षि", "x", "👍 and 🇩🇪", "你好 世界", "a longer line of nothing but ASCII", "e\u{301}", "ok",
  ]

  /// Behind the time and a column of names of six letters, on a screen of 100 columns.
  private static let textColumn = 17

  /// The messages in the pane, which are all eve's; nil if a row shows anything else.
  private func messages(in rows: [String], of all: [String]) -> [String]? {
    var found: [String] = []
    var isMessage = false
    for row in rows.dropFirst(2).dropLast(2) where !row.isEmpty && !row.hasPrefix("─") {
      let label = row.prefix(Self.textColumn).split(separator: " ").last
      if let label, !label.contains(":") { isMessage = label == "eve" }
      guard isMessage else { continue }
      var text = row.dropFirst(Self.textColumn)
      // The list of users is beside it.
      if let list = text.firstRange(of: "● ") { text = text[..<list.lowerBound] }
      while text.last == " " { text.removeLast() }
      guard !text.isEmpty else { continue }
      guard all.contains(String(text)) else { return nil }
      found.append(String(text))
    }
    return found
  }

  @Test func `scrolling leaves no remains of wide text`() async throws {
    try await Workspace.use { workspace in
      let listener = try Listener()
      let neha = try await TerminalSession.start(
        in: workspace, columns: 100, arguments: ["connect", "127.0.0.1:\(listener.port)", "--name", "neha"])
      let server = try await listener.acceptPlain()
      try await server.waitFor("CAP REQ")
      try await server.send("ERR unknown-command\n")
      try await server.waitFor("LOGIN neha\n")
      let all = (100..<200).map { "\($0) \(Self.texts[$0 % Self.texts.count])" }
      try await server.send("OK\n")
      try await server.waitFor("WHO\n")
      try await server.send("USER eve\nUSER neha\n")
      try await server.waitFor("PING\n")
      try await server.send("PONG\n" + all.map { "MSG eve \($0)\n" }.joined())
      var before: [String] = []
      for key in [
        "M-End", "PPage", "PPage", "NPage", "M-Home", "NPage", "M-End", "PPage", "F8", "PPage", "F8", "M-End",
      ] {
        try await neha.press(key)
        let isMove = key != "F8"
        try await neha.waitFor("nothing but whole messages after \(key)") { rows in
          guard let shown = messages(in: rows, of: all), !shown.isEmpty else { return false }
          guard key != "M-End" || shown.last == all.last, !isMove || shown != before else { return false }
          before = shown
          return true
        }
      }
    }
  }
}
