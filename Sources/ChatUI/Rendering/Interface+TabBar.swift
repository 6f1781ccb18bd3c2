extension Interface {
  /// `1 #lobby  2 @neha•3`: the current one stands out, and those that want attention do. Where they do not fit, as
  /// many as do around the current one, and at either end whether anything hides there.
  func drawTabBar(on screen: inout Screen, in area: Layout.Area) {
    let labels = tabs.tabs.enumerated().map { index, tab in " \(index + 1) \(label(of: tab, width: area.columns - 8)) "
    }
    let widths = labels.map(\.cellWidth)
    let (first, last) = visibleTabs(widths, width: area.columns)
    var column = area.column
    if first > 0 { column = screen.put("‹", row: area.row, column: column, style: style(ofHidden: 0..<first)) }
    let isCut = last < labels.count - 1
    let end = area.column + area.columns - (isCut ? 1 : 0)
    for index in first...last {
      column = screen.put(labels[index], row: area.row, column: column, style: style(of: index), end: end)
    }
    if isCut { screen.put("›", row: area.row, column: end, style: style(ofHidden: (last + 1)..<labels.count)) }
  }

  /// The title, and how much is unread; `!` where the reader is meant.
  private func label(of tab: Tab, width: Int) -> String {
    let unread = tab.unread > 999 ? "999+" : String(tab.unread)
    let sign = tab.unread > 0 ? (tab.mentions > 0 ? "!" : "•") + unread : ""
    let title = tab.target.text
    let room = width - sign.cellWidth
    guard title.cellWidth > room else { return title + sign }
    return Abbreviations(tabs.tabs.map(\.target.text), width: room).form(of: title, width: room) + sign
  }

  private func visibleTabs(_ widths: [Int], width: Int) -> (Int, Int) {
    if widths.reduce(0, +) <= width { return (0, widths.count - 1) }
    var (first, last) = (tabs.currentIndex, tabs.currentIndex)
    var used = widths[first]
    // A column at either end for the sign that there is more.
    let room = width - 2
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

  private func style(of index: Int) -> Style {
    let tab = tabs.tabs[index]
    if index == tabs.currentIndex { return Style(.standard, [.bold, .reversed]) }
    switch tab.activity {
    case .none: return .dim
    case .message: return .bold
    case .direct, .mention: return Style(.highlight, .bold)
    }
  }

  private func style(ofHidden range: Range<Int>) -> Style {
    let strongest = range.map { tabs.tabs[$0].activity }.max() ?? .none
    return strongest == .none ? .dim : Style(.highlight, .bold)
  }
}
