import ChatModel
import ChatProtocol
import TerminalTypes

/// The list of users beside the transcript.
struct Sidebar {
  let roster: SortedRoster
  /// Whether the roster is complete. If the server does not list its users, it has only those seen so far.
  let isKnown: Bool
  /// The user's own name.
  let name: Nickname

  /// - Parameter person: is highlighted, and in view.
  func draw(on screen: inout Screen, in area: Layout.Area, choosing person: Nickname? = nil) {
    for row in area.row..<(area.row + area.rows) { screen.put("│", row: row, column: area.column, style: .dim) }
    let left = area.column + 2
    let end = area.column + area.columns
    if roster.count > 0 {
      let heading = isKnown ? "\(roster.count) here" : "heard from"
      screen.put(heading, row: area.row, column: left, style: .bold, end: end)
    }
    let height = area.rows - 1
    guard height > 0 else { return }
    let chosen = person.map(roster.place)
    let isFull = roster.count > height
    let shown = isFull ? height - 1 : height
    let first = chosen.map { min(max($0 - shown / 2, 0), max(roster.count - shown, 0)) } ?? 0
    let visible = roster.people.dropFirst(first).prefix(shown)
    let abbreviations = roster.abbreviations(for: visible.lazy.map(\.name), width: end - left)
    for (index, person) in visible.enumerated() {
      let style = style(of: person, isChosen: chosen == first + index)
      let sign = person.isGuest ? "~" : ""
      let name = sign + abbreviations.form(of: person.name.text, width: end - left - sign.count)
      let bar = String(repeating: " ", count: end - left - name.cellWidth)
      screen.put(name + bar, row: area.row + 1 + index, column: left, style: style, end: end)
      if chosen == first + index { screen.cursor = Screen.Position(row: area.row + 1 + index, column: left) }
    }
    guard isFull else { return }
    let rest = chosen.map { "\(min($0, roster.count - 1) + 1) of \(roster.count)" } ?? "+\(roster.count - shown) more"
    screen.put(rest, row: area.row + area.rows - 1, column: left, style: .dim, end: end)
  }

  private func style(of person: Person, isChosen: Bool) -> Style {
    if isChosen { return .reversed }
    if person.away != nil { return .dim }
    return person.name == name ? Style(.own, .bold) : person.name.style
  }
}
