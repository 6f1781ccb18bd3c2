import ChatProtocol

extension Interface {
  func drawQuestion(on screen: inout Screen, above bottom: Int) {
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
    screen.cursor = Screen.Position(row: area.row + 1, column: area.column + 2)
    screen.put("└" + line + "┘", row: area.row + area.rows - 1, column: area.column, style: frame)
  }

  /// Draws the question without a frame, directly above the input, as far as it fits.
  private func drawBrief(_ question: Question, on screen: inout Screen, above bottom: Int) {
    let width = size.columns - 1
    let rows = question.brief.wrapped(to: width) + Self.inRows(question.briefAnswers, width: width)
    let shown = rows.suffix(bottom)
    let top = bottom + 1 - shown.count
    screen.fill(Layout.Area(row: top, column: 0, rows: shown.count, columns: size.columns))
    screen.cursor = Screen.Position(row: top, column: 1)
    for (index, text) in shown.enumerated() {
      screen.put(text, row: top + index, column: 1, style: Style(.highlight, .bold))
    }
  }

  /// The answers in one row if they fit, otherwise one per row.
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
    case .confirmingLoss(let reason, _):
      Question(
        text: "What you typed cannot be saved: \(reason). \(typedTextInWords) Leave without it?",
        answers: ["y: leave, and lose it", "Esc: stay"],
        brief: "Lose what you typed?", briefAnswers: ["y: lose it", "Esc: stay"])
    case .confirmingSend(let lines):
      Question(
        text: "Send \(lines) lines, each as a message?", answers: ["Enter: send", "Esc: not yet"],
        brief: "Send \(lines) lines?", briefAnswers: ["Enter: yes", "Esc: no"])
    case .warning(let pinMismatch):
      Question(
        text: pinMismatch.explanation, answers: ["Esc: stay away", "then \(pinMismatch.consent)"],
        brief: pinMismatch.brief, briefAnswers: ["Esc: stay away"])
    default: nil
    }
  }
}
