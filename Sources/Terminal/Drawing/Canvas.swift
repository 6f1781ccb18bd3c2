import CNcurses
import TerminalTypes

/// Draws screens with curses, and keeps the last one drawn.
///
/// Curses tracks the cursor by its own idea of the width of a text. Rows with text that terminals measure differently
/// are blank for curses, and are written directly afterwards, each piece at its own column, so that nothing else
/// shifts. So are rows with hyperlinks, which curses cannot send.
@MainActor
struct Canvas {
  private(set) var size: Screen.Size
  /// 0 if the terminal has no colours, or none are wanted.
  private let colors: Int
  private var palette: Palette
  /// Nil if the content of the terminal is unknown.
  private var drawn: Screen?
  /// The rows written without curses, by row number.
  private var unsettled: [Int: RowRuns] = [:]
  private var usesHyperlinks = false

  /// Curses must be open.
  init(size: Screen.Size, usesColors: Bool, background: RGB?, overrides: ColorOverrides) {
    self.size = size
    colors = usesColors ? Int(swiftchat_curses_start_colors()) : 0
    palette = Palette(colors: colors, background: background, overrides: overrides)
    setPairs()
    swiftchat_curses_resize(Int32(size.rows), Int32(size.columns))
  }

  var hasColors: Bool { colors > 0 }

  /// Adopts a new size. The previous content is lost.
  mutating func resize(to size: Screen.Size) {
    self.size = size
    drawn = nil
    unsettled = [:]
    swiftchat_curses_resize(Int32(size.rows), Int32(size.columns))
    swiftchat_curses_forget_all()
  }

  /// Redraws the last screen with other colours.
  /// - Parameter background: nil if unknown.
  mutating func adopt(background: RGB?, overrides: ColorOverrides) {
    let palette = Palette(colors: colors, background: background, overrides: overrides)
    guard palette != self.palette else { return }
    self.palette = palette
    setPairs()
    drawAgain()
  }

  /// Redraws the last screen with hyperlinks or without.
  mutating func useHyperlinks(_ isOn: Bool) {
    guard isOn != usesHyperlinks else { return }
    usesHyperlinks = isOn
    drawAgain()
  }

  private mutating func drawAgain() {
    guard let screen = drawn else { return }
    drawn = nil
    draw(screen)
  }

  mutating func draw(_ screen: Screen) {
    let before = drawn?.size == screen.size ? drawn : nil
    let hadUnsettled = !unsettled.isEmpty
    var rewritten: [Int] = []
    var painted: [Int] = []
    var isRearranged = false
    let links = links(of: screen)
    let linksBefore = before.map(self.links) ?? [:]
    for row in 0..<size.rows {
      let cells = cells(of: screen, row)
      if let before, self.cells(of: before, row) == cells, linksBefore[row] == links[row] { continue }
      let content = RowRuns(cells, columns: size.columns, links: links[row] ?? []) { Int(swiftchat_width($0)) }
      let wasUnsettled = unsettled[row] != nil
      if wasUnsettled == content.isSettled { isRearranged = true }
      if content.isSettled {
        unsettled[row] = nil
        paint(content, row)
        painted.append(row)
      } else {
        if !wasUnsettled {
          paint(RowRuns([], columns: size.columns) { _ in 1 }, row)
          painted.append(row)
        }
        unsettled[row] = content
        rewritten.append(row)
      }
    }
    drawn = screen
    // Curses may scroll rows that are blank for it, and with them the text that was written without it.
    if hadUnsettled || !unsettled.isEmpty { painted.forEach { swiftchat_curses_forget_row(Int32($0)) } }
    // If rows changed between the two kinds, curses may have cleared several at once.
    finish(cursor: screen.cursor, rewriting: isRearranged || before == nil ? Array(unsettled.keys) : rewritten)
  }

  /// Redraws all cells, including unchanged ones.
  mutating func repaint() {
    swiftchat_curses_forget_all()
    if let drawn { finish(cursor: drawn.cursor, rewriting: Array(unsettled.keys)) }
  }

  private func finish(cursor: Screen.Position?, rewriting rows: [Int]) {
    if let cursor, (0..<size.rows).contains(cursor.row), (0..<size.columns).contains(cursor.column) {
      swiftchat_curses_place_cursor(Int32(cursor.row), Int32(cursor.column))
    } else {
      swiftchat_curses_place_cursor(-1, -1)
    }
    swiftchat_curses_flush()
    guard !rows.isEmpty else { return }
    swiftchat_direct_begin()
    for row in rows.sorted() { if let content = unsettled[row] { write(content, row) } }
    swiftchat_direct_end()
  }

  private func cells(of screen: Screen, _ row: Int) -> ArraySlice<Screen.Cell> {
    guard row < screen.size.rows else { return [] }
    return screen.cells[row * screen.size.columns..<(row + 1) * screen.size.columns]
  }

  /// The hyperlinks by row, as far as terminals accept them.
  private func links(of screen: Screen) -> [Int: [Screen.Link]] {
    guard usesHyperlinks else { return [:] }
    return Dictionary(grouping: screen.links.filter { Hyperlink.isAccepted($0.address) }, by: \.row)
  }

  private func paint(_ content: RowRuns, _ row: Int) {
    for run in content.runs {
      let look = palette.look(of: run.style)
      swiftchat_curses_put(
        Int32(row), Int32(run.column), run.text, Int32(run.text.count), look.attributes.forCurses, look.pair)
    }
  }

  private func setPairs() {
    for pair in palette.pairs { swiftchat_curses_set_pair(pair.number, pair.foreground, pair.background ?? -1) }
  }

  // MARK: Direct writing

  private func write(_ content: RowRuns, _ row: Int) {
    for step in content.steps {
      switch step {
      case .move(let column): swiftchat_direct_move(Int32(row), Int32(column))
      case .style(let style):
        let look = palette.look(of: style)
        swiftchat_direct_look(look.attributes.forCurses, look.pair)
      case .link(let address):
        let bytes = address.flatMap(Hyperlink.begin) ?? Hyperlink.end
        swiftchat_direct_bytes(bytes, Int32(bytes.count))
      case .text(let text): swiftchat_direct_text(text, Int32(text.count))
      case .spaces(let count): swiftchat_direct_spaces(Int32(count))
      case .clear(let count): if !swiftchat_direct_clear_to_end() { swiftchat_direct_spaces(Int32(count)) }
      }
    }
  }
}

extension Style.Attributes {
  fileprivate var forCurses: UInt32 {
    var bits = 0
    if contains(.bold) { bits |= SWIFTCHAT_BOLD }
    if contains(.underlined) { bits |= SWIFTCHAT_UNDERLINED }
    if contains(.reversed) { bits |= SWIFTCHAT_REVERSED }
    if contains(.italic) { bits |= SWIFTCHAT_ITALIC }
    return UInt32(bits)
  }
}
