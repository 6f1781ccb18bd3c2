import CNcurses
import ChatUI

/// The screen that curses shows, and what was drawn on it last.
@MainActor
struct Canvas {
  private(set) var size: Screen.Size
  private let palette: Palette
  /// Nil if what the terminal shows is unknown.
  private var drawn: Screen?

  /// Curses must be open.
  init(size: Screen.Size, usesColors: Bool) {
    self.size = size
    palette = Palette(colors: usesColors ? Int(swiftchat_curses_start_colors()) : 0)
    for (pair, foreground) in palette.pairs { swiftchat_curses_set_pair(pair, foreground) }
    swiftchat_curses_resize(Int32(size.rows), Int32(size.columns))
  }

  /// What was drawn is gone.
  mutating func resize(to size: Screen.Size) {
    self.size = size
    drawn = nil
    swiftchat_curses_resize(Int32(size.rows), Int32(size.columns))
    swiftchat_curses_forget_all()
  }

  mutating func draw(_ screen: Screen) {
    let before = drawn?.size == screen.size ? drawn : nil
    for row in 0..<size.rows {
      let cells = cells(of: screen, row)
      if let before, self.cells(of: before, row) == cells { continue }
      paint(cells, row)
    }
    drawn = screen
    finish(cursor: screen.cursor)
  }

  /// Draws everything anew, also what the terminal is thought to show already.
  mutating func repaint() {
    swiftchat_curses_forget_all()
    if let drawn { finish(cursor: drawn.cursor) }
  }

  private func finish(cursor: Screen.Position?) {
    if let cursor, (0..<size.rows).contains(cursor.row), (0..<size.columns).contains(cursor.column) {
      swiftchat_curses_place_cursor(Int32(cursor.row), Int32(cursor.column))
    } else {
      swiftchat_curses_place_cursor(-1, -1)
    }
    swiftchat_curses_flush()
  }

  private func cells(of screen: Screen, _ row: Int) -> ArraySlice<Screen.Cell> {
    guard row < screen.size.rows else { return [] }
    return screen.cells[row * screen.size.columns..<(row + 1) * screen.size.columns]
  }

  private func paint(_ cells: ArraySlice<Screen.Cell>, _ row: Int) {
    let content = RowRuns(cells, columns: size.columns) { Int(swiftchat_width($0)) }
    for run in content.runs {
      let look = palette.look(of: run.style)
      swiftchat_curses_put(
        Int32(row), Int32(run.column), run.text, Int32(run.text.count), look.attributes.forCurses, look.pair)
    }
    if content.hasFlags { swiftchat_curses_forget_row(Int32(row)) }
  }
}

extension Style.Attributes {
  fileprivate var forCurses: UInt32 {
    var bits = 0
    if contains(.bold) { bits |= SWIFTCHAT_BOLD }
    if contains(.underlined) { bits |= SWIFTCHAT_UNDERLINED }
    if contains(.reversed) { bits |= SWIFTCHAT_REVERSED }
    if contains(.dim) { bits |= SWIFTCHAT_DIM }
    return UInt32(bits)
  }
}
