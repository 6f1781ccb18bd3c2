import ChatProtocol

extension Interface {
  /// What stands in the input, and where the keys go.
  private var input: (prompt: String, editor: LineEditor) {
    if case .naming(let prompt) = mode { return ("name" + Layout.prompt, prompt.editor) }
    return (Layout.prompt, tabs.current.editor)
  }

  private var inputLayout: InputLayout {
    InputLayout(input.editor, width: size.columns - input.prompt.cellWidth)
  }

  var layout: Layout { layout(for: inputLayout) }

  private func layout(for input: InputLayout) -> Layout {
    Layout(size, inputRows: input.rowCount, showsSidebar: showsSidebar)
  }

  /// The screen as it is now.
  public func render() -> Screen {
    var screen = Screen(size: size)
    guard size.rows >= Layout.smallestRows, size.columns >= Layout.smallestColumns else {
      screen.put("too small", row: 0, column: 0)
      return screen
    }
    let input = inputLayout
    let layout = layout(for: input)
    drawTabBar(on: &screen, in: layout.tabBar)
    if case .help(let scroll, _) = mode {
      drawHelp(on: &screen, in: layout, scroll: scroll)
    } else {
      let below = drawPane(on: &screen, in: layout.pane)
      if let sidebar = layout.sidebar { drawSidebar(on: &screen, in: sidebar) }
      drawStatus(on: &screen, in: layout.status, messagesBelow: below)
    }
    drawInput(input, on: &screen, in: layout.input)
    drawQuestion(on: &screen, above: layout.status.row)
    return screen
  }

  // MARK: Pane

  /// - Returns: how many messages stand below what is shown; nil where the newest is.
  private func drawPane(on screen: inout Screen, in area: Layout.Area) -> Int? {
    let page = walk(in: area).page(at: tabs.current.scroll)
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

  private func drawInput(_ layout: InputLayout, on screen: inout Screen, in area: Layout.Area) {
    let (prompt, _) = input
    let promptStyle = Style(prompt == Layout.prompt ? .own : .highlight, .bold)
    let indent = screen.put(prompt, row: area.row, column: area.column, style: promptStyle)
    // The row with the cursor is always in view.
    let first = max(layout.cursorRow - area.rows + 1, 0)
    for row in first..<min(first + area.rows, layout.rowCount) {
      screen.put(layout[row], row: area.row + row - first, column: indent)
    }
    switch mode {
    case .chatting, .naming:
      screen.cursor = Screen.Position(
        row: area.row + layout.cursorRow - first, column: min(indent + layout.cursorColumn, area.columns - 1))
    case .choosing, .help, .offeringHost, .confirmingQuit, .confirmingSend: break
    }
  }

  // MARK: Questions

  private func drawQuestion(on screen: inout Screen, above bottom: Int) {
    guard let question else { return }
    let width = min(size.columns - 2, 60)
    let rows = question.text.wrapped(to: width - 4) + Self.inRows(question.answers, width: width - 4)
    guard rows.count + 2 < bottom else { return drawBrief(question, on: &screen, above: bottom) }
    let area = Layout.Area(
      row: 1 + (bottom - rows.count - 3) / 2, column: (size.columns - width) / 2, rows: rows.count + 2, columns: width)
    screen.fill(area)
    let line = String(repeating: "─", count: width - 2)
    let frame = Style(.highlight)
    screen.put("┌" + line + "┐", row: area.row, column: area.column, style: frame)
    for (index, text) in rows.enumerated() {
      let row = area.row + 1 + index
      screen.put("│", row: row, column: area.column, style: frame)
      screen.put(text, row: row, column: area.column + 2, style: .bold)
      screen.put("│", row: row, column: area.column + width - 1, style: frame)
    }
    screen.put("└" + line + "┘", row: area.row + area.rows - 1, column: area.column, style: frame)
  }

  /// Where a frame has no room: right above the input, as much as fits.
  private func drawBrief(_ question: Question, on screen: inout Screen, above bottom: Int) {
    let width = size.columns - 1
    let rows = question.brief.wrapped(to: width) + Self.inRows(question.briefAnswers, width: width)
    let shown = rows.suffix(bottom)
    let top = bottom + 1 - shown.count
    screen.fill(Layout.Area(row: top, column: 0, rows: shown.count, columns: size.columns))
    for (index, text) in shown.enumerated() {
      screen.put(text, row: top + index, column: 1, style: Style(.highlight, .bold))
    }
  }

  /// One beside the other where they fit, or one below the other.
  private static func inRows(_ answers: [String], width: Int) -> [String] {
    for gap in ["   ", "  "] {
      let row = answers.joined(separator: gap)
      if row.cellWidth <= width { return [row] }
    }
    return answers
  }

  private struct Question {
    var text: String
    var answers: [String]
    var brief: String
    var briefAnswers: [String]
  }

  private var question: Question? {
    switch mode {
    case .offeringHost(let place):
      Question(
        text: "Nothing listens on \(place). Host the chat here?",
        answers: ["Enter: host", "Esc: wait", "Ctrl+Q: quit"],
        brief: "Host the chat here?", briefAnswers: ["Enter: yes", "Esc: no"])
    case .confirmingQuit(let others, _):
      Question(
        text: "You are hosting, and \(others == 1 ? "somebody else is" : "\(others) others are") connected. "
          + "Leaving ends the chat for them.", answers: ["y: leave", "Esc: stay"],
        brief: "End it for others?", briefAnswers: ["y: leave", "Esc: stay"])
    case .confirmingSend(let lines):
      Question(
        text: "Send \(lines) lines, each as a message?", answers: ["Enter: send", "Esc: not yet"],
        brief: "Send \(lines) lines?", briefAnswers: ["Enter: yes", "Esc: no"])
    case .chatting, .choosing, .naming, .help: nil
    }
  }
}
