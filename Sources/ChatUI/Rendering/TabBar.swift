import TerminalTypes

/// `1 #lobby  2 @neha•3`: the current tab and tabs that want attention stand out. Where there are several servers, the
/// tabs of each follow its name: `work 1 #lobby 2 @neha•3  home 3 #lobby`. If not all tabs fit, the bar shows those
/// around the current one, and a sign at each end for hidden tabs: with the name of a tab that has a direct message or
/// mention.
struct TabBar {
  /// The tabs of one server.
  struct Group {
    let tabs: TabList
    let guests: Guests
    /// Nil if there is only one server.
    let label: Label?
  }

  /// The name of a server.
  struct Label {
    let text: String
    let style: Style
  }

  let groups: [Group]
  /// The index of the current tab among all.
  let current: Int
  let preferences: NotificationPreferences
  /// The tabs of all groups.
  private let tabs: [(group: Int, tab: Int)]

  init(groups: [Group], current: Int, preferences: NotificationPreferences) {
    (self.groups, self.current, self.preferences) = (groups, current, preferences)
    tabs = groups.indices.flatMap { group in groups[group].tabs.tabs.indices.map { (group, $0) } }
  }

  private var hasSeveralGroups: Bool { groups.count > 1 }

  /// A text of the bar at its place.
  struct PlacedText {
    let text: String
    let column: Int
    /// The column to clip the text at.
    let end: Int
    let style: Style
    /// The index among all tabs of the one that the text names; nil for a mere sign.
    let tab: Int?

    /// The number of columns that it takes.
    var columns: Int { min(text.cellWidth, end - column) }
  }

  /// - Returns: the column behind the texts.
  static func draw(_ texts: [PlacedText], on screen: inout Screen, in area: Layout.Area) -> Int {
    var column = area.column
    for text in texts {
      column = screen.put(text.text, row: area.row, column: text.column, style: text.style, end: text.end)
    }
    return column
  }

  /// - Parameter room: the columns that they may take, from the left.
  func texts(in area: Layout.Area, room: Int) -> [PlacedText] {
    var area = area
    area.columns = room
    let visible = visibleTabs(width: area.columns)
    var texts: [PlacedText] = []
    var column = area.column
    func append(_ text: String, _ style: Style, tab: Int?, end: Int) {
      texts.append(PlacedText(text: text, column: column, end: end, style: style, tab: tab))
      column = min(column + text.cellWidth, max(end, column))
    }
    let before = 0..<visible.lowerBound
    if !before.isEmpty {
      append(
        "‹" + hiddenLabel(before, width: area.columns), style(ofHidden: before), tab: named(before),
        end: area.column + area.columns)
    }
    let hidden = visible.upperBound..<tabs.count
    let sign = hidden.isEmpty ? "" : hiddenLabel(hidden, width: area.columns) + "›"
    let end = area.column + area.columns - sign.cellWidth
    for index in visible {
      if let label = serverLabel(before: index, isFirst: index == visible.lowerBound) {
        append(label.text, label.style, tab: nil, end: end)
      }
      append(title(of: index, width: area.columns), style(of: index), tab: index, end: end)
    }
    guard !hidden.isEmpty else { return texts }
    column = end
    append(sign, style(ofHidden: hidden), tab: named(hidden), end: area.column + area.columns)
    return texts
  }

  // MARK: Texts

  /// The name of the server before its first tab in view.
  private func serverLabel(before index: Int, isFirst: Bool) -> Label? {
    let (group, tab) = tabs[index]
    guard isFirst || tab == 0, let label = groups[group].label else { return nil }
    return Label(text: (isFirst ? " " : "  ") + label.text, style: label.style)
  }

  private func title(of index: Int, width: Int) -> String {
    " \(index + 1) \(label(of: index, width: width - 8))" + (hasSeveralGroups ? "" : " ")
  }

  /// The label of the hidden tab with the strongest activity, if that is a direct message or a mention; otherwise
  /// empty.
  private func hiddenLabel(_ range: Range<Int>, width: Int) -> String {
    guard let tab = named(range) else { return "" }
    return " \(tab + 1) \(label(of: tab, width: width / 4)) "
  }

  /// The hidden tab that a sign names.
  private func named(_ range: Range<Int>) -> Int? {
    let strongest = range.max { (activity($0), $1) < (activity($1), $0) }
    return strongest.flatMap { activity($0) >= .direct ? $0 : nil }
  }

  /// The title and the number of unread messages, with `!` if one mentions the user.
  private func label(of index: Int, width: Int) -> String {
    let group = groups[tabs[index].group]
    let tab = group.tabs[tabs[index].tab]
    let unread = tab.unread > 999 ? "999+" : String(tab.unread)
    let sign = tab.unread > 0 ? (tab.mentions > 0 ? "!" : "•") + unread : ""
    let title = group.guests.shown(tab.target)
    let room = width - sign.cellWidth
    guard title.cellWidth > room else { return title + sign }
    let titles = group.tabs.tabs.map { group.guests.shown($0.target) }
    return Abbreviations(titles, width: room).form(of: title, width: room) + sign
  }

  // MARK: Space

  private func visibleTabs(width: Int) -> Range<Int> {
    // Each end reserves a column, or the width of its sign. The signs depend in turn on the tabs that are hidden.
    var room = width
    var visible = visibleTabs(within: room, width: width)
    for _ in 0..<5 where visible.count < tabs.count {
      let left = hiddenLabel(0..<visible.lowerBound, width: width)
      let right = hiddenLabel(visible.upperBound..<tabs.count, width: width)
      let needed = width - 2 - left.cellWidth - right.cellWidth
      guard needed < room else { break }
      room = needed
      visible = visibleTabs(within: room, width: width)
    }
    return visible
  }

  /// The tabs around the current one that fit.
  private func visibleTabs(within room: Int, width: Int) -> Range<Int> {
    let titleWidth = { (index: Int) in title(of: index, width: width).cellWidth }
    let labelWidth = { (index: Int, isFirst: Bool) in
      serverLabel(before: index, isFirst: isFirst)?.text.cellWidth ?? 0
    }
    var range = current..<current + 1
    // Without the label before the first tab, which changes when another tab becomes the first one.
    var used = titleWidth(current)
    while true {
      let first = labelWidth(range.lowerBound, true)
      if range.upperBound < tabs.count {
        let more = labelWidth(range.upperBound, false) + titleWidth(range.upperBound)
        if used + first + more <= room {
          used += more
          range = range.lowerBound..<range.upperBound + 1
          continue
        }
      }
      guard range.lowerBound > 0 else { return range }
      let before = range.lowerBound - 1
      let more = titleWidth(before) + labelWidth(range.lowerBound, false)
      guard used + more + labelWidth(before, true) <= room else { return range }
      used += more
      range = before..<range.upperBound
    }
  }

  // MARK: Styles

  private func activity(_ index: Int) -> Tab.Activity {
    groups[tabs[index].group].tabs.tabs[tabs[index].tab].activity(preferences)
  }

  private func style(of index: Int) -> Style {
    if index == current { return Style(.standard, .underlined) }
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

extension Interface {
  var tabBar: TabBar {
    let width = max(size.columns / 5, 6)
    let names = servers.hasSeveral ? servers.servers.indices.map { serverLabel($0) } : []
    let forms = Abbreviations(names, width: width)
    let groups = servers.servers.enumerated().map { index, server in
      let label = names.isEmpty ? nil : label(of: server, index, forms.form(of: names[index], width: width))
      return TabBar.Group(tabs: server.tabs, guests: server.rosters.guests, label: label)
    }
    return TabBar(groups: groups, current: servers.shownNumber - 1, preferences: preferences.notifications)
  }

  /// The name with a sign if messages cannot be sent: `?` for a question to the user, `×` without a connection.
  private func label(of server: OpenServer, _ index: Int, _ name: String) -> TabBar.Label {
    let isShown = index == servers.shownIndex
    if server.hasQuestion, !isShown { return TabBar.Label(text: name + "?", style: Style(.alert, .bold)) }
    switch server.connection.state {
    case .online: return TabBar.Label(text: name, style: isShown ? .bold : .dim)
    case .connecting:
      let sign = name.hasSuffix("…") ? "" : "…"
      return TabBar.Label(text: name + sign, style: isShown ? .bold : .dim)
    case .offline: return TabBar.Label(text: name + "×", style: Style(.alert, .bold))
    }
  }
}
