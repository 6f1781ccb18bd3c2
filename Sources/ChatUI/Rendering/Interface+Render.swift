import ChatProtocol
import TerminalTypes

extension Interface {
  /// The prompt and the editor of the input line.
  private var input: (prompt: String, editor: LineEditor) {
    guard let input = overlays.top?.input(width: size.columns) else { return (Layout.prompt, tabs.current.editor) }
    return (input.prompt + Layout.prompt, input.editor)
  }

  private var inputLayout: InputLayout {
    let (prompt, editor) = input
    return InputLayout(editor, width: size.columns - prompt.cellWidth)
  }

  var layout: Layout { layout(for: inputLayout) }

  private func layout(for input: InputLayout) -> Layout {
    Layout(size, inputRows: input.rowCount, showsSidebar: view.showsSidebar, hasTopic: topic != nil)
  }

  /// Draws the whole screen.
  public func render() -> Screen {
    var screen = Screen(size: size)
    guard size.rows >= Layout.smallestRows, size.columns >= Layout.smallestColumns else {
      screen.put("too small", row: 0, column: 0)
      return screen
    }
    let input = inputLayout
    let layout = layout(for: input)
    TabBar(tabs: tabs, guests: rosters.guests).draw(on: &screen, in: layout.tabBar)
    if let topic, let area = layout.topic {
      screen.put(topic.truncated(to: area.columns - 2), row: area.row, column: 1, style: .dim)
    }
    let overlay = overlays.top
    if overlay?.coversPane != true {
      let page = drawPane(on: &screen, in: layout.pane)
      if let area = layout.sidebar { sidebar.draw(on: &screen, in: area) }
      drawStatus(on: &screen, in: layout.status, page)
    }
    overlay?.draw(on: &screen, in: layout, of: self)
    let typing = drawInput(input, on: &screen, in: layout.input)
    // The cursor is where the user types, or on the selected item: screen readers and braille displays follow it.
    let isTyping = overlay == nil || overlay?.input(width: size.columns) != nil
    if isTyping || screen.cursor == nil { screen.cursor = typing }
    return screen
  }

  var sidebar: Sidebar {
    let isKnown = rosters.isLobbyKnown || tabs.current.room.map { $0 != .lobby } == true
    return Sidebar(roster: roster, isKnown: isKnown, name: name)
  }

  // MARK: Pane

  /// - Returns: the page that is shown.
  private func drawPane(on screen: inout Screen, in area: Layout.Area) -> TranscriptWalk.PaneContent {
    let page = walk(in: area).page(at: tabs.current.scroll)
    // A short conversation is at the bottom of the pane, next to the input.
    let first = area.row + area.rows - min(page.rows.count, area.rows)
    for (index, row) in page.rows.prefix(area.rows).enumerated() {
      for piece in row.pieces {
        screen.put(
          piece.text, row: first + index, column: area.column + piece.column, style: piece.style,
          end: area.column + area.columns)
      }
    }
    return page
  }

  // MARK: Input

  /// - Returns: the place of the cursor.
  private func drawInput(
    _ layout: InputLayout, on screen: inout Screen, in area: Layout.Area
  ) -> Screen.Position {
    let (prompt, _) = input
    let promptStyle = Style(prompt == Layout.prompt ? .own : .highlight, .bold)
    let indent = screen.put(prompt, row: area.row, column: area.column, style: promptStyle)
    // The row with the cursor is always in view.
    let first = max(layout.cursorRow - area.rows + 1, 0)
    for row in first..<min(first + area.rows, layout.rowCount) {
      screen.put(layout[row], row: area.row + row - first, column: indent)
    }
    return Screen.Position(
      row: area.row + layout.cursorRow - first, column: min(indent + layout.cursorColumn, area.columns - 1))
  }
}
