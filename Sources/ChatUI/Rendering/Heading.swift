import TerminalTypes

/// The room's topic and the number of people in it.
struct Heading {
  /// Nil if there is none.
  let topic: String?
  /// The number of people; 0 if it is not known.
  let count: Int
  /// Whether the server lists its users. Otherwise only those seen so far are known.
  let isComplete: Bool
  /// `#dev`; nil in a conversation with one user.
  let room: String?

  /// Draws the heading on a row of its own, with the number above the list of users.
  /// - Parameter list: the first column of the list; nil if it is hidden.
  func draw(on screen: inout Screen, in area: Layout.Area, list: Int?) {
    let people = longCount
    let column = list ?? area.columns - people.cellWidth - 1
    if let topic { put(topic, on: &screen, row: area.row, column: 1, room: column - 3) }
    screen.put(people, row: area.row, column: column, style: .dim, end: area.columns)
  }

  /// Draws the heading at the end of the tab bar, as far as there is space.
  /// - Parameter start: the column behind the tabs.
  func draw(on screen: inout Screen, in area: Layout.Area, from start: Int) {
    let people = room == nil || count == 0 || !isComplete ? "" : "\(count) ☺"
    var end = area.columns - 1
    guard end - people.cellWidth > start + 1 else { return }
    end -= people.cellWidth
    screen.put(people, row: area.row, column: end, style: .dim)
    guard let topic else { return }
    let separator = people.isEmpty ? "" : " · "
    let room = end - separator.cellWidth - start - 2
    guard room >= min(Self.leastTopic, topic.cellWidth) else { return }
    let shown = topic.truncated(to: room)
    let column = end - separator.cellWidth - shown.cellWidth
    screen.put(shown + separator, row: area.row, column: column, style: .dim, end: end)
  }

  private func put(_ topic: String, on screen: inout Screen, row: Int, column: Int, room: Int) {
    screen.put(topic.truncated(to: room), row: row, column: column, style: .dim)
  }

  /// `7 in #dev`
  private var longCount: String {
    if count == 0 { return "" }
    return isComplete ? room.map { "\(count) in \($0)" } ?? "\(count) here" : "heard from"
  }

  /// The minimum number of columns for a topic that is cut.
  private static let leastTopic = 10
}
