import ChatProtocol

extension Interface {
  func drawSidebar(on screen: inout Screen, in area: Layout.Area) {
    for row in area.row..<(area.row + area.rows) { screen.put("│", row: row, column: area.column, style: .dim) }
    let left = area.column + 2
    let end = area.column + area.columns
    screen.put("\(roster.count) here", row: area.row, column: left, style: .bold, end: end)
    let height = area.rows - 1
    guard height > 0 else { return }
    let (first, isFull) = sidebarWindow(height: height)
    let shown = isFull ? height - 1 : height
    for (index, person) in roster.people.dropFirst(first).prefix(shown).enumerated() {
      let row = area.row + 1 + index
      let style = sidebarStyle(of: person, at: first + index)
      let name = person.name.text.truncated(to: end - left)
      screen.put(name, row: row, column: left, style: style, end: end)
    }
    if isFull {
      let hidden = roster.count - first - shown
      screen.put(
        hidden > 0 ? "+\(hidden) more" : "", row: area.row + area.rows - 1, column: left, style: .dim, end: end)
    }
  }

  /// Which people are in view: the chosen one always is.
  private func sidebarWindow(height: Int) -> (first: Int, isFull: Bool) {
    guard roster.count > height else { return (0, false) }
    guard case .choosing(let index) = mode else { return (0, true) }
    return (max(index - (height - 2), 0), true)
  }

  private func sidebarStyle(of person: Person, at index: Int) -> Style {
    if case .choosing(index) = mode { return .reversed }
    if person.away != nil { return .dim }
    return person.name == name ? Style(.own, .bold) : person.name.style
  }
}
