import TerminalTypes

/// `1 #lobby  2 @neha•3`: the current tab and tabs that want attention stand out. If not all tabs fit, the bar shows
/// those around the current one, and a sign at each end for hidden tabs: with the name of a tab that has a direct
/// message or mention.
struct TabBar {
  let tabs: TabList
  let guests: Guests
  let preferences: NotificationPreferences

  /// - Parameter room: the columns that it may take, from the left.
  /// - Returns: the column behind the tabs.
  func draw(on screen: inout Screen, in area: Layout.Area, room: Int) -> Int {
    var area = area
    area.columns = room
    let labels = tabs.tabs.enumerated().map { index, tab in
      " \(index + 1) \(label(of: tab, width: area.columns - 8)) "
    }
    let widths = labels.map(\.cellWidth)
    let (first, last) = visibleTabs(widths, width: area.columns)
    var column = area.column
    if first > 0 {
      let sign = "‹" + hiddenLabel(0..<first, width: area.columns)
      column = screen.put(sign, row: area.row, column: column, style: style(ofHidden: 0..<first))
    }
    let hidden = (last + 1)..<labels.count
    let sign = hidden.isEmpty ? "" : hiddenLabel(hidden, width: area.columns) + "›"
    let end = area.column + area.columns - sign.cellWidth
    for index in first...last {
      column = screen.put(labels[index], row: area.row, column: column, style: style(of: index), end: end)
    }
    guard !hidden.isEmpty else { return column }
    return screen.put(sign, row: area.row, column: end, style: style(ofHidden: hidden))
  }

  /// The label of the hidden tab with the strongest activity, if that is a direct message or a mention; otherwise
  /// empty.
  private func hiddenLabel(_ range: Range<Int>, width: Int) -> String {
    let strongest = range.max { (activity($0), $1) < (activity($1), $0) }
    guard let strongest, activity(strongest) >= .direct else { return "" }
    return " \(strongest + 1) \(label(of: tabs.tabs[strongest], width: width / 4)) "
  }

  /// The title and the number of unread messages, with `!` if one mentions the user.
  private func label(of tab: Tab, width: Int) -> String {
    let unread = tab.unread > 999 ? "999+" : String(tab.unread)
    let sign = tab.unread > 0 ? (tab.mentions > 0 ? "!" : "•") + unread : ""
    let title = guests.shown(tab.target)
    let room = width - sign.cellWidth
    guard title.cellWidth > room else { return title + sign }
    return Abbreviations(tabs.tabs.map { guests.shown($0.target) }, width: room).form(of: title, width: room)
      + sign
  }

  private func visibleTabs(_ widths: [Int], width: Int) -> (Int, Int) {
    if widths.reduce(0, +) <= width { return (0, widths.count - 1) }
    // Each end reserves a column, or the width of its sign. The signs depend in turn on the tabs that are hidden.
    var room = width - 2
    var visible = visibleTabs(widths, within: room)
    for _ in 0..<4 {
      let (first, last) = visible
      let left = hiddenLabel(0..<first, width: width)
      let right = hiddenLabel((last + 1)..<widths.count, width: width)
      let needed = width - 2 - left.cellWidth - right.cellWidth
      guard needed < room else { break }
      room = needed
      visible = visibleTabs(widths, within: room)
    }
    return visible
  }

  private func visibleTabs(_ widths: [Int], within room: Int) -> (Int, Int) {
    var (first, last) = (tabs.currentIndex, tabs.currentIndex)
    var used = widths[first]
    while true {
      if last + 1 < widths.count, used + widths[last + 1] <= room {
        last += 1
        used += widths[last]
      } else if first > 0, used + widths[first - 1] <= room {
        first -= 1
        used += widths[first]
      } else {
        return (first, last)
      }
    }
  }

  private func activity(_ index: Int) -> Tab.Activity { tabs.tabs[index].activity(preferences) }

  private func style(of index: Int) -> Style {
    if index == tabs.currentIndex { return Style(.standard, .underlined) }
    switch activity(index) {
    case .none: return .dim
    case .message: return .bold
    case .direct, .mention: return Style(.highlight, .bold)
    }
  }

  private func style(ofHidden range: Range<Int>) -> Style {
    let strongest = range.map(activity).max() ?? .none
    return strongest == .none ? .dim : Style(.highlight, .bold)
  }
}
