import TerminalTypes

/// A question in a frame above the transcript. A paste never answers it, and goes to the input.
protocol QuestionOverlay: Overlay {
  func question(in interface: Interface) -> Question
}

/// The words of a question.
struct Question {
  var text: String
  /// Lines that the question is about; shown if there is space for them.
  var preview: [String] = []
  /// Each key with its effect.
  var answers: [String]
  /// For screens without space for a frame.
  var brief: String
  var briefAnswers: [String]
}

extension QuestionOverlay {
  var takesClicks: Bool { false }
  var wheel: WheelEffect { .nothing }

  mutating func paste(_ text: String, in context: OverlayContext) -> OverlayResponse {
    .handled { $0.pasteIntoInput(text) }
  }

  func draw(on frame: inout Frame, in layout: Layout, of interface: Interface) {
    question(in: interface).draw(on: &frame.screen, above: layout.status.row)
  }
}

/// An answer to a question of yes or no.
enum YesOrNo {
  case yes, no
}

extension OverlayContext {
  /// The answer that a key gives: the keys that questions name, and the keys that close what is open.
  /// - Parameter enter: the answer of Enter, which is the harmless one.
  func answer(of key: Key, enter: YesOrNo) -> YesOrNo? {
    switch key {
    case .character("y"), .character("Y"): return .yes
    case .character("n"), .character("N"), Key(.escape): return .no
    case Key(.enter): return enter
    default: break
    }
    switch action(for: key) {
    case .send: return enter
    case .dismiss, .clearInput: return .no
    default: return nil
    }
  }
}

extension OverlayResponse {
  /// The key answers no question.
  static func behind(_ key: Key) -> OverlayResponse { .handled { $0.pressBehindQuestion(key) } }
}

extension Question {
  fileprivate func draw(on screen: inout Screen, above bottom: Int) {
    let width = min(screen.size.columns - 2, 60)
    let heading = text.wrapped(to: width - 4).map { ($0, Style.bold) }
    let choices = Self.inRows(answers, width: width - 4).map { ($0, Style.bold) }
    let shown = preview.map { ("  \($0)".truncated(to: width - 4), Style.plain) }
    let hasSpace = heading.count + shown.count + choices.count + 2 < bottom
    let rows = heading + (hasSpace ? shown : []) + choices
    guard rows.count + 2 < bottom else { return drawBrief(on: &screen, above: bottom) }
    let area = Layout.Area(
      row: 1 + (bottom - rows.count - 3) / 2, column: (screen.size.columns - width) / 2, rows: rows.count + 2,
      columns: width)
    screen.fill(area)
    let line = String(repeating: "─", count: width - 2)
    let frame = Style(.highlight)
    screen.put("┌" + line + "┐", row: area.row, column: area.column, style: frame)
    for (index, (text, style)) in rows.enumerated() {
      let row = area.row + 1 + index
      screen.put("│", row: row, column: area.column, style: frame)
      screen.put(text, row: row, column: area.column + 2, style: style)
      screen.put("│", row: row, column: area.column + width - 1, style: frame)
    }
    screen.cursor = Screen.Position(row: area.row + 1, column: area.column + 2)
    screen.put("└" + line + "┘", row: area.row + area.rows - 1, column: area.column, style: frame)
  }

  /// Draws the question without a frame, directly above the input, as far as it fits.
  private func drawBrief(on screen: inout Screen, above bottom: Int) {
    let width = screen.size.columns - 1
    let rows = brief.wrapped(to: width) + Self.inRows(briefAnswers, width: width)
    let shown = rows.suffix(bottom)
    let top = bottom + 1 - shown.count
    screen.fill(Layout.Area(row: top, column: 0, rows: shown.count, columns: screen.size.columns))
    screen.cursor = Screen.Position(row: top, column: 1)
    for (index, text) in shown.enumerated() {
      screen.put(text, row: top + index, column: 1, style: Style(.highlight, .bold))
    }
  }

  /// The answers in one row if they fit, otherwise each in rows of its own.
  private static func inRows(_ answers: [String], width: Int) -> [String] {
    for gap in ["   ", "  "] {
      let row = answers.joined(separator: gap)
      if row.cellWidth <= width { return [row] }
    }
    return answers.flatMap { $0.wrapped(to: width) }
  }
}
