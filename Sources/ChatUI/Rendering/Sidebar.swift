import ChatModel
import ChatProtocol
import TerminalTypes

/// The list of users: `●` here, `○` away, `◌` away with a text. On the right are unread messages or a remark.
struct Sidebar {
  let roster: SortedRoster
  /// The user's own name.
  let name: Nickname
  let isOperator: Bool
  /// The times at which users went away.
  let awaySince: [Nickname: Timestamp]
  let now: Timestamp
  /// The number of unread direct messages by user.
  let unread: [Nickname: Int]

  /// - Parameter person: the user to highlight and to keep in view.
  func draw(on frame: inout Frame, in area: Layout.Area, choosing person: Nickname? = nil) {
    // The list may lie over messages, also where it is empty.
    frame.mouseTargets.add(.nothing, in: area)
    let chosen = person.map(roster.listPlace)
    let isFull = roster.count > area.rows
    let (first, visible) = visible(in: area, choosing: person)
    let room = area.columns - 2
    let abbreviations = roster.abbreviations(for: visible.lazy.map(\.name), width: room)
    for (index, person) in visible.enumerated() {
      let row = area.row + index
      let isChosen = chosen == first + index
      draw(person, on: &frame.screen, in: area, row: row, isChosen: isChosen, abbreviations)
      frame.mouseTargets.add(
        .person(name: person.name), in: Layout.Area(row: row, column: area.column, rows: 1, columns: area.columns))
      // A screen reader reads the name at the cursor.
      if isChosen { frame.screen.cursor = Screen.Position(row: row, column: area.column + 2) }
    }
    guard isFull, area.rows > 1 else { return }
    let rest =
      chosen.map { "\(min($0, roster.count - 1) + 1) of \(roster.count)" } ?? "+\(roster.count - visible.count) more"
    let end = area.column + area.columns
    frame.screen.put(rest, row: area.row + area.rows - 1, column: area.column + 2, style: .dim, end: end)
  }

  /// The users in view, from the first row on, and the place of the first one in the list.
  func visible(in area: Layout.Area, choosing person: Nickname? = nil) -> (first: Int, people: [Person]) {
    let shown = roster.count > area.rows ? max(area.rows - 1, 1) : area.rows
    let first = person.map { min(max(roster.listPlace(of: $0) - shown / 2, 0), max(roster.count - shown, 0)) } ?? 0
    return (first, roster.listed(first..<min(first + shown, roster.count)))
  }

  private func draw(
    _ person: Person, on screen: inout Screen, in area: Layout.Area, row: Int, isChosen: Bool,
    _ abbreviations: Abbreviations
  ) {
    let (column, end) = (area.column, area.column + area.columns)
    if isChosen {
      screen.fill(Layout.Area(row: row, column: column, rows: 1, columns: area.columns), style: .reversed)
    }
    func style(_ style: Style) -> Style { isChosen ? .reversed : style }
    screen.put(sign(of: person), row: row, column: column, style: style(person.away == nil ? Style(.good) : .dim))
    let mark = person.isGuest ? "~" : ""
    let messages = unread[person.name].map { "•\($0)" } ?? ""
    let room = end - column - 2 - (messages.isEmpty ? 0 : messages.cellWidth + 1)
    let form = abbreviations.form(of: person.name.text, width: area.columns - 2 - mark.count)
    let shown = (mark + form).truncated(to: room)
    let behind = screen.put(shown, row: row, column: column + 2, style: style(nameStyle(of: person)), end: end)
    guard messages.isEmpty else {
      let attention = Style(.highlight, .bold)
      screen.put(messages, row: row, column: end - messages.cellWidth, style: style(attention), end: end)
      return
    }
    let remark = remark(on: person)
    let space = end - behind - 1
    guard space >= min(Self.leastRemark, remark.cellWidth) else { return }
    let text = remark.truncated(to: space)
    screen.put(text, row: row, column: end - text.cellWidth, style: style(.dim), end: end)
  }

  /// The minimum number of columns for a remark that is cut.
  private static let leastRemark = 5

  private func sign(of person: Person) -> String { person.away == nil ? "●" : person.awayWord == nil ? "○" : "◌" }

  private func nameStyle(of person: Person) -> Style {
    if person.away != nil { return .dim }
    return person.name == name ? Style(.own) : person.name.style
  }

  private func remark(on person: Person) -> String {
    if person.name == name { return isOperator ? "you, op" : "you" }
    guard person.away != nil else { return "" }
    return person.awayWord ?? awaySince[person.name].map { Self.span($0, to: now) } ?? "away"
  }

  /// `12 min`, `3 h`, `2 d`
  static func span(_ start: Timestamp, to end: Timestamp) -> String {
    let minutes = max(end.milliseconds &- start.milliseconds, 0) / 60_000
    if minutes < 1 { return "away" }
    if minutes < 60 { return "\(minutes) min" }
    return minutes < 24 * 60 ? "\(minutes / 60) h" : "\(minutes / (24 * 60)) d"
  }
}

extension Interface {
  var sidebar: Sidebar {
    var unread: [Nickname: Int] = [:]
    for tab in tabs.tabs { if case .person(let name) = tab.target, tab.unread > 0 { unread[name] = tab.unread } }
    return Sidebar(
      roster: roster, name: name, isOperator: connection.isOnline && connection.standing.isOperator,
      awaySince: rosters.awaySince, now: now, unread: unread)
  }

  var heading: Heading {
    let isKnown = rosters.isLobbyKnown || tabs.current.room.map { $0 != .lobby } == true
    return Heading(topic: topic, count: roster.count, isComplete: isKnown, room: tabs.current.room?.text)
  }
}
