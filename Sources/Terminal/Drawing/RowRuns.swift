import ChatUI

/// One row of cells as pieces of text that fill exactly the columns of their cells.
///
/// The last defence of the screen: what the C library measures differently from the grid, or does not know, becomes
/// U+FFFD; joiners, variation selectors and skin tones, which some terminals merge with what stands before them, are
/// left away; and what terminals may still measure differently stands in a run of its own, behind which the cursor has
/// to be placed anew.
struct RowRuns: Hashable, Sendable {
  private(set) var runs: [Run] = []

  struct Run: Hashable, Sendable {
    var column: Int
    /// How many columns are its own, whatever the terminal believes.
    var columns: Int
    var style: Style
    /// Scalars.
    var text: [UInt32]
    /// Whether all terminals give the text that many columns.
    var isSettled: Bool
  }

  /// Whether all terminals agree about the whole row, so that curses knows where the cursor is.
  var isSettled: Bool { runs.allSatisfy(\.isSettled) }

  /// - Parameters:
  ///   - columns: how many the terminal has; what exceeds them is cut off, what lacks is blank.
  ///   - width: the C library's `wcwidth`.
  init(_ cells: some RandomAccessCollection<Screen.Cell>, columns: Int, width: (UInt32) -> Int) {
    var column = 0
    var rest = cells.prefix(columns)
    while let cell = rest.popFirst() {
      var span = 1
      if cell.character != nil {
        while let next = rest.first, next.character == nil {
          rest.removeFirst()
          span += 1
        }
      }
      let (text, isSettled) = Self.glyph(cell.character ?? " ", span, width)
      append(Run(column: column, columns: span, style: cell.style, text: text, isSettled: isSettled))
      column += span
    }
    guard column < columns else { return }
    let blanks = Array(repeating: 0x20 as UInt32, count: columns - column)
    append(Run(column: column, columns: blanks.count, style: .plain, text: blanks, isSettled: true))
  }

  private mutating func append(_ run: Run) {
    if let last = runs.last, last.style == run.style, last.isSettled, run.isSettled {
      runs[runs.count - 1].text += run.text
      runs[runs.count - 1].columns += run.columns
    } else {
      runs.append(run)
    }
  }

  /// What to draw in that many columns, and whether it fills them everywhere.
  private static func glyph(_ character: Character, _ span: Int, _ width: (UInt32) -> Int) -> ([UInt32], Bool) {
    if span == 1, character.utf8.count == 1, let byte = character.utf8.first, byte >= 0x20, byte < 0x7f {
      return ([UInt32(byte)], true)
    }
    var text: [UInt32] = []
    var measured = 0
    var drawn = 0
    for scalar in character.unicodeScalars {
      let columns = width(scalar.value)
      guard columns >= 0, columns > 0 || !text.isEmpty else { return (substitute(span, width), true) }
      measured += columns
      if isMerging(scalar) { continue }
      text.append(scalar.value)
      drawn += columns
    }
    guard measured == span, drawn > 0 else { return (substitute(span, width), true) }
    let isSettled = drawn == span && text.count == 1 && text.allSatisfy(Self.isSettled)
    return (text, isSettled)
  }

  private static func substitute(_ span: Int, _ width: (UInt32) -> Int) -> [UInt32] {
    // A locale without Unicode does not have it either.
    let sign: UInt32 = width(0xfffd) == 1 ? 0xfffd : 0x3f
    return [sign] + Array(repeating: 0x20, count: span - 1)
  }

  private static func isMerging(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200d, 0xfe00...0xfe0f, 0xe0100...0xe01ef, 0x1f3fb...0x1f3ff: true
    default: false
    }
  }

  /// Whether the scalar alone has the same width in all terminals: letters and signs of scripts without marks that take
  /// columns, without ligatures and conjuncts, that are old enough for every table and are no emoji.
  private static func isSettled(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x20...0x7e, 0xa0...0xac, 0xae...0x2ff: true
    // Greek, Cyrillic, Armenian, Hebrew; the marks among them come only behind a letter.
    case 0x370...0x482, 0x48a...0x52f, 0x531...0x58f, 0x5d0...0x5ea, 0x1e00...0x1fff: true
    // Punctuation, currency, letter-like signs, arrows, mathematics.
    case 0x2010...0x2027, 0x2030...0x203b, 0x203d...0x2048, 0x204a...0x205e, 0x20a0...0x20bf, 0x2100...0x2121: true
    case 0x2123...0x2138, 0x213a...0x2193, 0x219a...0x21a8, 0x21ab...0x22ff: true
    // Boxes, blocks and shapes.
    case 0x2500...0x25a9, 0x25ac...0x25b5, 0x25b7...0x25bf, 0x25c1...0x25fa: true
    // Chinese, Japanese, Korean.
    case 0x3001...0x3029, 0x3031...0x303c, 0x3041...0x3096, 0x309b...0x30ff, 0x3105...0x312f, 0x3131...0x318e: true
    case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xac00...0xd7a3, 0xf900...0xfaff, 0xff01...0xff9d, 0xffe0...0xffe6: true
    case 0xfffd: true
    default: false
    }
  }
}
