import ChatUI
import Testing

@testable import Terminal

@Suite("Rows")
struct RowRunsTests {
  /// A C library that knows what this table does.
  private func width(_ scalar: UInt32) -> Int {
    switch scalar {
    case 0..<0x20, 0x7f..<0xa0, 0x1fae8: -1
    case 0x300..<0x370, 0x200b...0x200f, 0x202a...0x202e, 0xfe00...0xfe0f: 0
    case 0x4e00..<0xa000, 0x1f300...0x1f64f: 2
    default: 1
    }
  }

  private func text(_ cells: [Screen.Cell], columns: Int? = nil) -> String {
    let runs = RowRuns(cells, columns: columns ?? cells.count, width: width)
    return runs.runs.map { run in
      String(String.UnicodeScalarView(run.text.compactMap(Unicode.Scalar.init)))
    }.joined(separator: "|")
  }

  private func cells(_ characters: [Character?]) -> [Screen.Cell] { characters.map { Screen.Cell($0) } }

  @Test("are drawn in pieces of one style")
  func styles() {
    let row: [Screen.Cell] = [.init("a"), .init("b"), .init("c", .bold), .init("d", .bold), .init("e")]
    let runs = RowRuns(row, columns: 5, width: width).runs
    #expect(runs.map(\.column) == [0, 2, 4])
    #expect(runs.map(\.style) == [.plain, .bold, .plain])
    #expect(text(row) == "ab|cd|e")
  }

  @Test("keep clusters whole")
  func clusters() {
    #expect(text(cells(["你", nil, "e\u{301}", "x"])) == "你e\u{301}x")
    #expect(text(cells(["🇩🇪", nil, "x"])) == "🇩🇪x")
    #expect(RowRuns(cells(["🇩🇪", nil]), columns: 2, width: width).hasFlags)
  }

  @Test("leave away what terminals disagree about")
  func unsettled() {
    #expect(text(cells(["❤\u{fe0f}", "x"])) == "❤x")
    #expect(text(cells(["👍🏽", nil, nil, nil, "x"])) == "👍  x")
    #expect(text(cells(["👨\u{200d}👩", nil, nil, nil, "x"])) == "👨👩x")
  }

  @Test("show U+FFFD for what would shift the rest")
  func substitutes() {
    #expect(text(cells(["\u{1b}", "x"])) == "\u{fffd}x")
    #expect(text(cells(["\u{1fae8}", nil, "x"])) == "\u{fffd} x")
    #expect(text(cells(["你", "x"])) == "\u{fffd}x")
    #expect(text(cells(["a", nil, "x"])) == "\u{fffd} x")
    #expect(text(cells(["\u{301}", "x"])) == "\u{fffd}x")
    #expect(text(cells(["\u{202e}", "x"])) == "\u{fffd}x")
    #expect(text(cells([nil, "x"])) == " x")
  }

  @Test("fill exactly the terminal's columns")
  func columns() {
    #expect(text(cells(["a", "b"]), columns: 4) == "ab  ")
    #expect(text(cells(["a", "b", "c"]), columns: 2) == "ab")
    #expect(text(cells(["a", "你", nil]), columns: 2) == "a\u{fffd}")
    #expect(text([], columns: 3) == "   ")
  }
}
