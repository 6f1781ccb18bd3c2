import ChatUI

/// One row of cells as pieces of text that fill exactly the columns of their cells.
///
/// The last defence of the screen: what the C library measures differently from the grid, or does not know, becomes
/// U+FFFD; and what terminals measure differently from the C library is left away.
struct RowRuns: Hashable, Sendable {
  private(set) var runs: [Run] = []
  /// Two regional indicators are one flag on many terminals and two letters for curses, which would redraw one of
  /// them alone.
  private(set) var hasFlags = false

  struct Run: Hashable, Sendable {
    var column: Int
    var style: Style
    /// Scalars.
    var text: [UInt32]
  }

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
      append(glyph(cell.character ?? " ", span, width), cell.style, at: column)
      column += span
    }
    if column < columns { append(Array(repeating: 0x20, count: columns - column), .plain, at: column) }
  }

  private mutating func append(_ text: [UInt32], _ style: Style, at column: Int) {
    if runs.last?.style == style {
      runs[runs.count - 1].text += text
    } else {
      runs.append(Run(column: column, style: style, text: text))
    }
  }

  /// What to draw in that many columns.
  private mutating func glyph(_ character: Character, _ span: Int, _ width: (UInt32) -> Int) -> [UInt32] {
    if span == 1, character.utf8.count == 1, let byte = character.utf8.first, byte >= 0x20, byte < 0x7f {
      return [UInt32(byte)]
    }
    var text: [UInt32] = []
    var measured = 0
    var drawn = 0
    for scalar in character.unicodeScalars {
      let columns = width(scalar.value)
      guard columns >= 0, columns > 0 || !text.isEmpty else { return substitute(span, width) }
      measured += columns
      if isUnsettled(scalar) { continue }
      if (0x1f1e6...0x1f1ff).contains(scalar.value) { hasFlags = true }
      text.append(scalar.value)
      drawn += columns
    }
    guard measured == span, drawn > 0 else { return substitute(span, width) }
    return text + Array(repeating: 0x20, count: span - drawn)
  }

  private func substitute(_ span: Int, _ width: (UInt32) -> Int) -> [UInt32] {
    // A locale without Unicode does not have it either.
    let sign: UInt32 = width(0xfffd) == 1 ? 0xfffd : 0x3f
    return [sign] + Array(repeating: 0x20, count: span - 1)
  }

  /// Joiners, variation selectors and skin tones: some terminals merge them with what stands before, others do not.
  private func isUnsettled(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200d, 0xfe00...0xfe0f, 0xe0100...0xe01ef, 0x1f3fb...0x1f3ff: true
    default: false
    }
  }
}
