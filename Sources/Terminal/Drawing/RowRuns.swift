import TerminalTypes

/// One row of cells as runs of text that fill exactly the columns of their cells.
///
/// This is the last check before the terminal. Characters that the C library measures differently from the cells, or
/// does not know, become U+FFFD. Joiners, variation selectors and skin tones, which some terminals merge with the
/// preceding character, are removed. Text that terminals may still measure differently gets a run of its own, after
/// which the cursor must be positioned again.
struct RowRuns: Hashable, Sendable {
  private(set) var runs: [CellRun] = []

  struct CellRun: Hashable, Sendable {
    var column: Int
    /// The number of columns reserved for the run, regardless of the terminal's measure.
    var columns: Int
    var style: Style
    /// Text as scalars.
    var text: [UInt32]
    /// Whether all terminals give the text this width.
    var isSettled: Bool
    /// The address of the hyperlink that the run is a part of.
    var link: String?
  }

  /// Whether curses can draw the row: all terminals agree on its widths, so that curses knows the position of the cursor,
  /// and there are no hyperlinks, which curses does not know.
  var isSettled: Bool { runs.allSatisfy { $0.isSettled && $0.link == nil } }

  /// - Parameters:
  ///   - columns: the width of the terminal: longer rows are cut off, shorter ones filled with blanks.
  ///   - links: the hyperlinks of the row.
  ///   - width: the C library's `wcwidth`.
  init(
    _ cells: some RandomAccessCollection<Screen.Cell>, columns: Int, links: [Screen.Link] = [],
    width: (UInt32) -> Int
  ) {
    var column = 0
    func link(at column: Int) -> String? {
      links.isEmpty ? nil : links.first { $0.columns.contains(column) }?.address
    }
    var rest = cells.prefix(columns)
    while let cell = rest.popFirst() {
      var span = 1
      if cell.character != nil {
        while let next = rest.first, next.character == nil {
          rest.removeFirst()
          span += 1
        }
      }
      if span == 1, let byte = Self.printableByte(cell.character ?? " ") {
        append(byte, style: cell.style, column: column, link: link(at: column))
        column += 1
        continue
      }
      let (text, isSettled) = Self.glyph(cell.character ?? " ", span, width)
      append(
        CellRun(
          column: column, columns: span, style: cell.style, text: text, isSettled: isSettled, link: link(at: column)))
      column += span
    }
    guard column < columns else { return }
    let blanks = Array(repeating: 0x20 as UInt32, count: columns - column)
    append(CellRun(column: column, columns: blanks.count, style: .plain, text: blanks, isSettled: true))
  }

  /// Appends printable ASCII, which most cells hold, without a run of its own.
  private mutating func append(_ byte: UInt8, style: Style, column: Int, link: String?) {
    let last = runs.count - 1
    if last >= 0, runs[last].isSettled, runs[last].style == style, runs[last].link == link {
      runs[last].text.append(UInt32(byte))
      runs[last].columns += 1
    } else {
      runs.append(
        CellRun(column: column, columns: 1, style: style, text: [UInt32(byte)], isSettled: true, link: link))
    }
  }

  private static func printableByte(_ character: Character) -> UInt8? {
    guard character.utf8.count == 1, let byte = character.utf8.first, byte >= 0x20, byte < 0x7f else { return nil }
    return byte
  }

  private mutating func append(_ run: CellRun) {
    if let last = runs.last, last.style == run.style, last.link == run.link, last.isSettled, run.isSettled {
      runs[runs.count - 1].text += run.text
      runs[runs.count - 1].columns += run.columns
    } else {
      runs.append(run)
    }
  }

  /// The scalars to draw in a number of columns, and whether all terminals give them that width.
  private static func glyph(_ character: Character, _ span: Int, _ width: (UInt32) -> Int) -> ([UInt32], Bool) {
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
    // A locale without U+FFFD gets a question mark.
    let sign: UInt32 = width(0xfffd) == 1 ? 0xfffd : 0x3f
    return [sign] + Array(repeating: 0x20, count: span - 1)
  }

  private static func isMerging(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200d, 0xfe00...0xfe0f, 0xe0100...0xe01ef, 0x1f3fb...0x1f3ff: true
    default: false
    }
  }

  /// Whether the scalar alone has the same width in all terminals: letters and signs of scripts without spacing marks,
  /// ligatures and conjuncts, that are old enough for every width table and are no emoji.
  private static func isSettled(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x20...0x7e, 0xa0...0xac, 0xae...0x2ff: true
    // Greek, Cyrillic, Armenian, Hebrew; their marks only follow a letter, so they are not alone.
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
