import TerminalTypes
import Testing

@testable import Terminal

@Suite
struct RowRunsTests {
  /// The widths of a C library with the same table.
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

  @Test
  func `rows are drawn in runs of one style`() {
    let row: [Screen.Cell] = [.init("a"), .init("b"), .init("c", .bold), .init("d", .bold), .init("e")]
    let runs = RowRuns(row, columns: 5, width: width).runs
    #expect(runs.map(\.column) == [0, 2, 4])
    #expect(runs.map(\.style) == [.plain, .bold, .plain])
    #expect(text(row) == "ab|cd|e")
  }

  @Test
  func `rows keep clusters whole`() {
    #expect(text(cells(["你", nil, "e\u{301}", "x"])) == "你|e\u{301}|x")
    #expect(text(cells(["🇩🇪", nil, "x"])) == "🇩🇪|x")
  }

  @Test
  func `rows omit characters whose width terminals disagree about`() {
    #expect(text(cells(["❤\u{fe0f}", "x"])) == "❤|x")
    #expect(text(cells(["👍🏽", nil, nil, nil, "x"])) == "👍|x")
    #expect(text(cells(["👨\u{200d}👩", nil, nil, nil, "x"])) == "👨👩|x")
  }

  @Test
  func `rows show U+FFFD for characters that would shift the rest`() {
    #expect(text(cells(["\u{1b}", "x"])) == "\u{fffd}x")
    #expect(text(cells(["\u{1fae8}", nil, "x"])) == "\u{fffd} x")
    #expect(text(cells(["你", "x"])) == "\u{fffd}x")
    #expect(text(cells(["a", nil, "x"])) == "\u{fffd} x")
    #expect(text(cells(["\u{301}", "x"])) == "\u{fffd}x")
    #expect(text(cells(["\u{202e}", "x"])) == "\u{fffd}x")
    #expect(text(cells([nil, "x"])) == " x")
  }

  @Test
  func `rows fill exactly the columns of the terminal`() {
    #expect(text(cells(["a", "b"]), columns: 4) == "ab  ")
    #expect(text(cells(["a", "b", "c"]), columns: 2) == "ab")
    #expect(text(cells(["a", "你", nil]), columns: 2) == "a\u{fffd}")
    #expect(text([], columns: 3) == "   ")
  }

  @Test
  func `rows need no repositioning where all terminals agree`() {
    let agreed: [Character] = ["a", "ß", "Ω", "ж", "—", "…", "›", "│", "█", "▼", "é", "€", "→"]
    #expect(RowRuns(cells(agreed), columns: agreed.count, width: width).isSettled)
    #expect(RowRuns(cells(["你", nil, "x"]), columns: 3, width: width).isSettled)
    let disputed: [Character] = [
      "e\u{301}", "❤", "❤\u{fe0f}", "👍", "🇩", "🇩🇪", "क", "कि", "நி", "ก", "ᄒ", "ᄒ\u{1161}", "ع", "☺", "⌚", "㉈", "䷀",
    ]
    for character in disputed {
      let columns = character.unicodeScalars.reduce(0) { $0 + self.width($1.value) }
      let row = cells([character] + Array(repeating: nil, count: max(columns, 1) - 1))
      #expect(!RowRuns(row, columns: row.count, width: width).isSettled, "\(character)")
    }
  }

  @Test
  func `rows keep their columns whatever widths the terminal uses`() {
    // Devanagari, Tamil, Thai, a family, a heart, a skin tone, a flag, jamo, Arabic, a mark.
    let texts = [
      "क्षि", "नि", "நி", "ก\u{e33}", "👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "👍🏽", "🇩🇪", "ᄒ\u{1161}\u{11ab}", "لا", "e\u{301}",
    ]
    let clusters: [Character] = texts.flatMap { Array($0) }
    for factor in 0...4 {
      for cluster in clusters {
        for isNamed in [false, true] {
          let style: Style = isNamed ? Style(.name(1), .reversed) : .plain
          let columns = cluster.unicodeScalars.reduce(0) { $0 + self.width($1.value) }
          var row: [Screen.Cell] = [.init("a"), .init("b"), .init(cluster, style)]
          row += Array(repeating: .init(nil, style), count: columns - 1)
          row +=
            [.init("c"), .init(cluster)] + Array(repeating: .init(nil), count: columns - 1) + [.init("│"), .init("d")]
          let runs = RowRuns(row, columns: row.count + 3, width: width)
          // A terminal that uses any number of columns for a disputed cluster.
          var terminal = Teletype(columns: row.count + 3) { $0 == cluster.unicodeScalars.first ? factor : 0 }
          terminal.write(runs.steps)
          let shown = terminal.cells
          #expect(shown[0] == "a" && shown[1] == "b" && shown[2 + columns] == "c")
          #expect(shown[row.count - 2] == "│" && shown[row.count - 1] == "d")
          #expect(shown.suffix(3) == ["·", "·", "·"], "\(shown)")
          #expect(!terminal.hasWrapped)
        }
      }
    }
  }

  @Test
  func `rows leave the last column blank without writing to it`() {
    let steps = RowRuns(cells(["👍", nil, " ", " "]), columns: 4, width: width).steps
    #expect(
      steps == [
        .move(0), .style(.plain), .spaces(2), .move(0), .text([0x1f44d]), .move(2), .style(.plain), .move(2), .clear(2),
      ])
  }
}

/// A row of a terminal with its own widths. `·` is a cell that was cleared.
private struct Teletype {
  var cells: [Character]
  var column = 0
  var hasWrapped = false
  let extra: (Unicode.Scalar) -> Int

  init(columns: Int, extra: @escaping (Unicode.Scalar) -> Int) {
    cells = Array(repeating: "?", count: columns)
    self.extra = extra
  }

  mutating func write(_ steps: [RowRuns.DrawingStep]) {
    for step in steps {
      switch step {
      case .move(let column): self.column = column
      case .style, .link: break
      case .clear: for index in column..<cells.count { cells[index] = "·" }
      case .spaces(let count): (0..<count).forEach { _ in put(" ") }
      case .text(let text):
        for scalar in text.compactMap(Unicode.Scalar.init) {
          let isPlain = scalar.isASCII || scalar == "│"
          for _ in 0..<(isPlain ? 1 : extra(scalar)) { put(isPlain ? Character(scalar) : "#") }
        }
      }
    }
  }

  private mutating func put(_ character: Character) {
    guard column < cells.count else { return hasWrapped = true }
    cells[column] = character
    column += 1
  }
}
