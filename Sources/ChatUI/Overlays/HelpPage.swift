import TerminalTypes

/// Help: all keys and commands, generated from the key map and the table of commands, so that it is always accurate.
struct HelpPage: Overlay {
  /// The rows scrolled off the top.
  private(set) var scroll = 0

  var lifetime: OverlayLifetime { .untilClosed }
  var coversPane: Bool { true }
  var wheel: WheelEffect { .movesChoice }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    let height = context.layout.pane.rows
    let rows = Self.rows(width: context.interface.size.columns, keyMap: context.interface.keyMap)
    let last = max(rows.count - height, 0)
    let page = max(height - 1, 1)
    let target: Int
    switch key {
    case Key(.up): target = scroll - 1
    case Key(.down): target = scroll + 1
    case Key(.pageUp): target = scroll - page
    case Key(.pageDown), .character(" "): target = scroll + page
    case Key(.home): target = 0
    case Key(.end): target = last
    default: return context.action(for: key) == .quit ? .closed { $0.quit() } : .closed
    }
    scroll = min(max(target, 0), last)
    return .handled
  }

  // MARK: Drawing

  func draw(on frame: inout Frame, in layout: Layout, of interface: Interface) {
    let rows = Self.rows(width: frame.screen.size.columns, keyMap: interface.keyMap)
    let height = layout.pane.rows
    let first = min(scroll, max(rows.count - height, 0))
    for (index, row) in rows.dropFirst(first).prefix(height).enumerated() {
      frame.screen.put(row.text, row: layout.pane.row + index, column: 0, style: row.style)
    }
    frame.screen.cursor = Screen.Position(row: layout.pane.row, column: 0)
    let isMore = first + height < rows.count
    frame.screen.putStatus(
      (isMore ? ["PgDn: more · any other key: back", "PgDn: more"] : []) + ["any other key: back"], in: layout)
  }

  private static let secondColumn = 31

  static func rows(width: Int, keyMap: KeyMap = .standard) -> [(text: String, style: Style)] {
    var rows: [(String, Style)] = []
    func add(_ left: String, _ right: String) {
      let column = min(secondColumn, width / 2)
      if left.cellWidth < column {
        let indent = String(repeating: " ", count: column)
        for (index, line) in right.wrapped(to: width - column - 1).enumerated() {
          let label = index == 0 ? left + String(repeating: " ", count: column - left.cellWidth) : indent
          rows.append((" " + label + line, .plain))
        }
      } else {
        for line in left.wrapped(to: width - 2) { rows.append((" " + line, .plain)) }
        for line in right.wrapped(to: width - 4) { rows.append(("   " + line, .plain)) }
      }
    }
    for group in KeyBinding.groups {
      if !rows.isEmpty { rows.append(("", .plain)) }
      rows.append((group.title, .bold))
      for row in group.rows { if let label = keyMap.label(of: row) { add(label, row.help) } }
    }
    for group in SlashCommand.groups {
      rows += [("", .plain), (group.title, .bold)]
      for command in group.commands { add("/\(command.name) \(command.parameters)", command.help) }
      for note in group.notes { add(note.input, note.help) }
    }
    return rows
  }
}

extension Screen {
  /// Fills the status line with the first of these texts that fits.
  mutating func putStatus(_ choices: [String], in layout: Layout) {
    fill(layout.status)
    let text = choices.first { $0.cellWidth < size.columns } ?? ""
    put(" " + text, row: layout.status.row, column: 0)
  }
}
