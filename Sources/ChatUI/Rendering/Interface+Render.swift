import ChatProtocol

extension Interface {
  /// What stands in the input, and where the keys go.
  private var input: (prompt: String, editor: LineEditor) {
    if case .naming(let prompt) = mode { return ("name" + Layout.prompt, prompt.editor) }
    return (Layout.prompt, tabs.current.editor)
  }

  private func inputLayout(width: Int) -> InputLayout {
    InputLayout(input.editor, width: width - input.prompt.cellWidth)
  }

  var layout: Layout {
    Layout(size, inputRows: inputLayout(width: size.columns).rows.count, showsSidebar: showsSidebar)
  }

  /// The screen as it is now.
  public func render() -> Screen {
    var screen = Screen(size: size)
    guard size.rows >= Layout.smallestRows, size.columns >= Layout.smallestColumns else {
      screen.put("too small", row: 0, column: 0)
      return screen
    }
    let layout = layout
    drawTabBar(on: &screen, in: layout.tabBar)
    if case .help(let scroll) = mode {
      drawHelp(on: &screen, in: layout, scroll: scroll)
    } else {
      let below = drawPane(on: &screen, in: layout.pane)
      if let sidebar = layout.sidebar { drawSidebar(on: &screen, in: sidebar) }
      drawStatus(on: &screen, in: layout.status, messagesBelow: below)
    }
    drawInput(on: &screen, in: layout.input)
    drawQuestion(on: &screen, above: layout.status.row)
    return screen
  }

  // MARK: Pane

  /// - Returns: how many messages stand below what is shown.
  private func drawPane(on screen: inout Screen, in area: Layout.Area) -> Int {
    let tab = tabs.current
    let layout = transcriptLayout
    let walk = TranscriptWalk(transcript: tab.transcript, layout: layout)
    let unconfirmed = tab.transcript.unconfirmed.suffix(area.rows).flatMap { layout.rows(of: $0, author: name) }
    let page = walk.page(at: tab.scroll, height: area.rows, unconfirmed: unconfirmed)
    // A short conversation stands at the bottom, above where one types.
    let first = area.row + area.rows - min(page.rows.count, area.rows)
    for (index, row) in page.rows.prefix(area.rows).enumerated() {
      for piece in row.pieces {
        screen.put(
          piece.text, row: first + index, column: area.column + piece.column, style: piece.style,
          end: area.column + area.columns)
      }
    }
    return page.messagesBelow
  }

  // MARK: Input

  private func drawInput(on screen: inout Screen, in area: Layout.Area) {
    let (prompt, _) = input
    let promptStyle = Style(prompt == Layout.prompt ? .own : .highlight, .bold)
    let indent = screen.put(prompt, row: area.row, column: area.column, style: promptStyle)
    let input = inputLayout(width: area.columns)
    // The row with the cursor is always in view.
    let first = max(input.cursorRow - area.rows + 1, 0)
    for (index, row) in input.rows.dropFirst(first).prefix(area.rows).enumerated() {
      screen.put(row, row: area.row + index, column: indent)
    }
    switch mode {
    case .chatting, .naming:
      screen.cursor = Screen.Position(
        row: area.row + input.cursorRow - first, column: min(indent + input.cursorColumn, area.columns - 1))
    case .choosing, .help, .offeringHost, .confirmingQuit, .confirmingSend: break
    }
  }

  // MARK: Questions

  private func drawQuestion(on screen: inout Screen, above bottom: Int) {
    guard let (question, answers) = question else { return }
    let width = min(size.columns - 2, 60)
    let rows = question.wrapped(to: width - 4) + answers.wrapped(to: width - 4)
    let framed = rows.count + 2 <= bottom
    let height = framed ? rows.count + 2 : min(rows.count, bottom)
    let top = max((bottom - height) / 2, 0) + (framed ? 0 : 1)
    let left = (size.columns - width) / 2
    screen.fill(Layout.Area(row: top, column: left, rows: height, columns: width))
    if framed {
      let line = String(repeating: "─", count: width - 2)
      screen.put("┌" + line + "┐", row: top, column: left, style: Style(.highlight))
      screen.put("└" + line + "┘", row: top + height - 1, column: left, style: Style(.highlight))
      for row in (top + 1)..<(top + height - 1) {
        screen.put("│", row: row, column: left, style: Style(.highlight))
        screen.put("│", row: row, column: left + width - 1, style: Style(.highlight))
      }
    }
    for (index, row) in rows.suffix(height).enumerated() {
      screen.put(row, row: top + index + (framed ? 1 : 0), column: left + 2, style: .bold, end: left + width - 1)
    }
  }

  private var question: (String, answers: String)? {
    switch mode {
    case .offeringHost(let place):
      ("Nothing listens on \(place). Host the chat here?", "Enter: host   Esc: wait for it   Ctrl+Q: quit")
    case .confirmingQuit(let others):
      (
        "You are hosting, and \(others == 1 ? "somebody else is" : "\(others) others are") connected. "
          + "Leaving ends the chat for them.", "y: leave   Esc: stay"
      )
    case .confirmingSend(let lines): ("Send \(lines) lines, each as a message?", "Enter: send   Esc: not yet")
    case .chatting, .choosing, .naming, .help: nil
    }
  }
}
