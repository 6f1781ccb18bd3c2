import TerminalTypes

/// The list of candidates directly above the status line, while a word is completed. It lies over the last rows of the
/// pane, whose content does not move.
struct CandidatePopup {
  let completion: Completion
  /// The keys that choose, for the title; may be empty.
  let keys: String

  /// On a lower screen the pane is more useful.
  static let smallestRows = 10
  private static let mostCandidates = 8

  /// The rows of the title and of the candidates.
  func area(in layout: Layout) -> Layout.Area {
    // At least one row of the pane stays in view.
    let rows = min(completion.candidates.count, Self.mostCandidates, max(layout.pane.rows - 2, 1))
    return Layout.Area(
      row: layout.status.row - rows - 1, column: 0, rows: rows + 1, columns: layout.pane.columns)
  }

  /// The candidates in view, from the row below the title on.
  func visible(in layout: Layout) -> Range<Int> {
    let page = area(in: layout).rows - 1
    let first = Choice(completion.position).first(count: completion.candidates.count, page: page)
    return first..<min(first + page, completion.candidates.count)
  }

  func draw(on frame: inout Frame, in layout: Layout) {
    let area = area(in: layout)
    let visible = visible(in: layout)
    frame.mouseTargets.add(.nothing, in: area)
    for (offset, candidate) in visible.enumerated() {
      let row = Layout.Area(row: area.row + 1 + offset, column: 0, rows: 1, columns: area.columns)
      frame.mouseTargets.add(.candidate(candidate), in: row)
    }
    draw(visible, on: &frame.screen, in: area)
  }

  private func draw(_ visible: Range<Int>, on screen: inout Screen, in area: Layout.Area) {
    screen.fill(area)
    let standing = " \(completion.position + 1) of \(completion.candidates.count)"
    let title = [standing + keys + " ", standing + " "].first { $0.cellWidth + 4 <= area.columns } ?? ""
    let line = String(repeating: "─", count: max(area.columns - title.cellWidth - 2, 0))
    screen.put("──" + title + line, row: area.row, column: 0, style: .dim, end: area.columns)
    let candidates = completion.candidates[visible]
    let label = min(candidates.map(\.label.cellWidth).max() ?? 0, max(area.columns - 4, 1))
    for (offset, candidate) in candidates.enumerated() {
      let row = area.row + 1 + offset
      let isChosen = visible.lowerBound + offset == completion.position
      let style: Style = isChosen ? .reversed : .plain
      if isChosen {
        screen.fill(Layout.Area(row: row, column: 0, rows: 1, columns: area.columns), style: .reversed)
      }
      screen.put(candidate.label.truncated(to: area.columns - 3), row: row, column: 2, style: style, end: area.columns)
      let column = 2 + label + 2
      guard area.columns - column >= Self.leastHelp else { continue }
      screen.put(
        candidate.help.truncated(to: area.columns - column - 1), row: row, column: column,
        style: isChosen ? .reversed : .dim, end: area.columns)
    }
  }

  /// The minimum number of columns for an explanation.
  private static let leastHelp = 12
}

extension Interface {
  /// Nil if no candidates are shown.
  var candidatePopup: CandidatePopup? {
    guard let completion = shownCompletion else { return nil }
    let names = [KeyAction.completeForward, .dismiss].map(keyMap.shortcut)
    let keys = zip(names, ["next", "close"]).compactMap { name, effect in name.map { " · \($0) \(effect)" } }
    return CandidatePopup(completion: completion, keys: keys.joined())
  }
}
