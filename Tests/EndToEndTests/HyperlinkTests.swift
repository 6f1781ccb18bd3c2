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
      let neha = try await TerminalSession.start(
        in: workspace, arguments: ["connect", "localhost:\(server.port)", "--name", "neha"],
        environment: hyperlinks.map { ["SWIFTCHAT_CLIENT_HYPERLINKS": $0] } ?? [:])
      try await neha.waitFor(text: "as neha")
      let file = workspace.folder.appendingPathComponent("output")
      try await neha.record(to: file)
      try await neha.say("see \(address) and on")
      // Other rows change around it, and the screen stays whole.
      for number in 1...25 { try await neha.say("line \(number)") }
      try await neha.waitForMessage("line 25", from: "neha")
      try await neha.press("M-Home")
      let rows = try await neha.waitFor("the link, whole") { rows in
        let whole = rows.map { $0.trimmingCharacters(in: .whitespaces) }.joined()
        return whole.contains(address) && rows.contains { $0.contains("line 1") }
      }
      #expect(!rows.contains { $0.contains("8;") || $0.contains("id=") }, "\(rows)")
      try await neha.say("/quit")
      #expect(try await neha.exitStatus() == .exited(0))
      return String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
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
