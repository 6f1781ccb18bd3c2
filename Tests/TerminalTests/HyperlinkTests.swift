import TerminalTypes
import Testing

@testable import Terminal

@Suite
struct HyperlinkTests {
  private func text(_ bytes: [UInt8]?) -> String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "nil" }

  @Test
  func `an address is printable ASCII, and nothing in it ends the sequence`() {
    #expect(text(Hyperlink.encoded("https://a.example/x?y=%20;z#~")) == "https://a.example/x?y=%20;z#~")
    #expect(
      text(Hyperlink.encoded("http://ü.de/好 \u{1b}\\\u{7}\u{9c}\u{7f}"))
        == "http://%C3%BC.de/%E5%A5%BD%20%1B\\%07%C2%9C%7F")
    let sequence = text(Hyperlink.begin("http://a.example/\u{1b}\\evil"))
    #expect(sequence.hasPrefix("\u{1b}]8;id=") && sequence.hasSuffix(";http://a.example/%1B\\evil\u{1b}\\"))
    #expect(sequence.components(separatedBy: "\u{1b}").count == 3)
    #expect(Hyperlink.begin("http://a.example/" + String(repeating: "x", count: 2066)) != nil)
    #expect(Hyperlink.begin("http://a.example/" + String(repeating: "x", count: 2067)) == nil)
    #expect(Hyperlink.begin("http://a.example/" + String(repeating: "é", count: 400)) == nil)
  }

  @Test
  func `the parts of a link have the same id, and other links another one`() {
    #expect(Hyperlink.begin("http://a.example") == Hyperlink.begin("http://a.example"))
    let ids = ["http://a.example", "http://b.example"].map { text(Hyperlink.begin($0)).split(separator: ";")[1] }
    #expect(Set(ids).count == 2)
  }

  @Test
  func `a row with a hyperlink is written without curses, with the link around its columns`() {
    let cells = "see http://a, ok".map { Screen.Cell($0) }
    let links = [Screen.Link(row: 0, columns: 4..<12, address: "http://a/long")]
    let row = RowRuns(cells, columns: 20, links: links) { _ in 1 }
    #expect(!row.isSettled)
    func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
    #expect(
      row.steps == [
        .move(0), .style(.plain), .text(scalars("see ")),
        .move(4), .style(.plain), .link("http://a/long"), .text(scalars("http://a")), .link(nil),
        .move(12), .style(.plain), .text(scalars(", ok")), .move(16), .clear(4),
      ])
    // Wide text in a link, and a link at the edge.
    let wide: [Screen.Cell] = [.init("好"), .init(nil), .init("👍"), .init(nil)]
    let steps = RowRuns(wide, columns: 4, links: [Screen.Link(row: 0, columns: 0..<4, address: "x")]) {
      $0 > 0x2000 ? 2 : 1
    }.steps
    #expect(steps.count { $0 == .link("x") } == 2)
    #expect(steps.count { $0 == .link(nil) } == 2)
    #expect(RowRuns(cells, columns: 20) { _ in 1 }.isSettled)
  }

  @Test(arguments: [
    (["TERM": "xterm-kitty"], true), (["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], true),
    (["TERM": "xterm-256color", "VTE_VERSION": "7006"], true), (["TERM": "xterm", "VTE_VERSION": "4602"], false),
    (["TERM": "xterm-256color", "KONSOLE_VERSION": "220400"], true), (["TERM": "xterm", "WT_SESSION": "x"], true),
    (["TERM": "xterm-256color"], false), (["TERM": "linux"], false), ([:], false),
    (["TERM": "tmux-256color", "TMUX": "/tmp/x", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a"], false),
    (["TERM": "tmux-256color", "TMUX": "/tmp/x", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.4"], true),
    (["TERM": "tmux", "TMUX": "/tmp/x", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "next-3.10"], false),
    (["TERM": "tmux", "TMUX": "/tmp/x", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "10"], true),
    (["TERM": "screen", "STY": "1.x", "VTE_VERSION": "7006"], false),
    (["TERM": "screen-256color", "TMUX": "/tmp/x", "VTE_VERSION": "7006"], false),
  ])
  func `the environment tells whether the terminal supports hyperlinks`(variables: [String: String], isIt: Bool) {
    #expect(Hyperlink.isSupported { variables[$0] } == isIt, "\(variables)")
  }
}
