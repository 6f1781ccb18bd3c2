import ChatProtocol

extension Interface {
  /// The prompt and the editor of the input line in this mode.
  private var input: (prompt: String, editor: LineEditor) {
    switch mode {
    case .naming(let prompt): return ("name" + Layout.prompt, prompt.editor)
    case .searching(let search): return ("search" + Layout.prompt, search.editor)
    case .switching(let switcher): return ("go to" + Layout.prompt, switcher.editor)
    case .recalling(let search):
      let needle = DisplayText.sanitize(search.needle).truncated(to: max(size.columns / 2 - 12, 1))
      return ("history “\(needle)”" + Layout.prompt, LineEditor(search.found ?? ""))
    default: return (Layout.prompt, tabs.current.editor)
    }
  }

  private var inputLayout: InputLayout {
    InputLayout(input.editor, width: size.columns - input.prompt.cellWidth)
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
    drawTabBar(on: &screen, in: layout.tabBar)
    if let topic, let area = layout.topic {
      screen.put(topic.truncated(to: area.columns - 2), row: area.row, column: 1, style: .dim)
    }
    switch mode {
    case .help(let scroll, _): drawHelp(on: &screen, in: layout, scroll: scroll)
    case .results(let results): draw(results, on: &screen, in: layout)
    case .rooms(let list): draw(list, on: &screen, in: layout)
    case .removing(let list): draw(list, on: &screen, in: layout)
    case .switching(let switcher): draw(switcher, on: &screen, in: layout)
    default:
      let page = drawPane(on: &screen, in: layout.pane)
      if let sidebar = layout.sidebar { drawSidebar(on: &screen, in: sidebar) }
      drawStatus(on: &screen, in: layout.status, page)
    }
    drawInput(input, on: &screen, in: layout.input)
    drawQuestion(on: &screen, above: layout.status.row)
    return screen
  }

  // MARK: Pane

  /// - Returns: the page that is shown.
  private func drawPane(on screen: inout Screen, in area: Layout.Area) -> TranscriptWalk.Page {
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

  private func drawInput(_ layout: InputLayout, on screen: inout Screen, in area: Layout.Area) {
    let (prompt, _) = input
    let promptStyle = Style(prompt == Layout.prompt ? .own : .highlight, .bold)
    let indent = screen.put(prompt, row: area.row, column: area.column, style: promptStyle)
    // The row with the cursor is always in view.
    let first = max(layout.cursorRow - area.rows + 1, 0)
    for row in first..<min(first + area.rows, layout.rowCount) {
      screen.put(layout[row], row: area.row + row - first, column: indent)
    }
    let typing = Screen.Position(
      row: area.row + layout.cursorRow - first, column: min(indent + layout.cursorColumn, area.columns - 1))
    switch mode {
    case .chatting, .naming, .searching, .recalling, .switching: screen.cursor = typing
    // The cursor is on the selected item: screen readers and braille displays follow it.
    case .choosing, .help, .offeringHost, .confirmingQuit, .confirmingLoss, .confirmingSend, .results, .rooms,
      .removing, .warning:
      if screen.cursor == nil { screen.cursor = typing }
    }
  }
}
