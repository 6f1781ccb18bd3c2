import Foundation
import TestSupport
import Testing

/// Hyperlinks of the terminal, with the real binary.
@Suite(.interacting, .serialized)
struct HyperlinkTests {
  private let address = "https://ci.example.org/builds/4711/" + String(repeating: "log", count: 20) + "?a=b"

  /// The output of a client that shows a link over two rows, and then scrolls.
  private func output(hyperlinks: String?) async throws -> String {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let neha = try await TerminalSession.shell(
        in: workspace, environment: hyperlinks.map { ["SWIFTCHAT_CLIENT_HYPERLINKS": $0] } ?? [:])
      let file = workspace.folder.appendingPathComponent("output")
      try await neha.record(to: file)
      try await neha.open(port: server.port)
      try await neha.say("see \(address) and on")
      // Other rows change around it, and the screen stays whole.
      for number in 1...25 {
        // Lines that arrive at once would be a paste.
        try await neha.type("line \(number)")
        try await neha.waitFor("the line") { $0.last == " #lobby› line \(number)" }
        try await neha.press("Enter")
        try await neha.waitFor("the empty input") { $0.last == " #lobby›" }
      }
      try await neha.waitForMessage("line 25", from: "neha")
      try await neha.press("M-Home")
      let rows = try await neha.waitFor("the link, whole") { rows in
        let whole = rows.map { $0.trimmingCharacters(in: .whitespaces) }.joined()
        return whole.contains(address) && rows.contains { $0.contains("line 1") }
      }
      #expect(!rows.contains { $0.contains("8;") || $0.contains("id=") }, "\(rows)")
      try await neha.leave(by: .quit)
      let output = try await neha.recorded(in: file)
      #expect(output.contains("ended: 0"))
      try #require(output.contains("line 25"))
      return output
    }
  }

  @Test func `a link is sent with its whole address, and closed`() async throws {
    let parts = try await output(hyperlinks: "true").components(separatedBy: "\u{1b}]8;")
    let begun = parts.filter { $0.hasPrefix("id=") }
    #expect(begun.count >= 2)
    #expect(begun.allSatisfy { $0.contains(";\(address)\u{1b}\\") })
    #expect(Set(begun.map { $0.prefix { $0 != ";" } }).count == 1)
    #expect(parts.count { $0.hasPrefix(";\u{1b}\\") } == begun.count)
  }

  @Test func `a terminal that is not known to support hyperlinks gets none`() async throws {
    #expect(try await !output(hyperlinks: nil).contains("\u{1b}]8;"))
  }
}
