import ChatProtocol

// The tabs of all servers. Their numbers run through the groups.

extension ServerList {
  /// The index of a server, and of a tab among its tabs.
  typealias TabIndex = (server: Int, tab: Int)

  var tabCount: Int { servers.reduce(0) { $0 + $1.tabs.tabs.count } }

  /// The tabs in the order of their numbers.
  var allTabs: [TabIndex] {
    servers.indices.flatMap { server in servers[server].tabs.tabs.indices.map { (server, $0) } }
  }

  /// The number of the tab on the screen.
  var shownNumber: Int { firstNumber(of: shownIndex) + shown.tabs.currentIndex }

  /// The number of a server's first tab.
  func firstNumber(of server: Int) -> Int { 1 + servers[..<server].reduce(0) { $0 + $1.tabs.tabs.count } }

  /// The tab with a number as the tab bar shows it.
  /// - Parameter number: may be any number, because users type it.
  func tab(withNumber number: Int) -> TabIndex? {
    guard (1...tabCount).contains(number) else { return nil }
    var rest = number - 1
    for server in servers.indices {
      let count = servers[server].tabs.tabs.count
      if rest < count { return (server, rest) }
      rest -= count
    }
    return nil
  }

  /// The tab on the screen.
  var shownPlace: TabPlace { place((shownIndex, shown.tabs.currentIndex)) }

  func place(_ tab: TabIndex) -> TabPlace {
    TabPlace(server: servers[tab.server].endpoint, target: servers[tab.server].tabs[tab.tab].target)
  }

  func find(_ place: TabPlace) -> TabIndex? {
    guard let server = index(of: place.server), let tab = servers[server].tabs.index(of: place.target) else {
      return nil
    }
    return (server, tab)
  }

  // MARK: Selecting

  /// Shows a tab of any server.
  mutating func show(_ tab: TabIndex) {
    home = nil
    move(to: tab)
  }

  /// Selects a tab of the subject. It is shown only if its server is on the screen.
  mutating func selectInSubject(_ tab: Int) {
    if isSubjectShown { show((shownIndex, tab)) } else { subject.tabs.select(tab) }
  }

  private mutating func move(to tab: TabIndex) {
    guard servers.indices.contains(tab.server), servers[tab.server].tabs.tabs.indices.contains(tab.tab) else { return }
    let staysAtServer = tab.server == shownIndex
    guard !staysAtServer || tab.tab != shown.tabs.currentIndex else { return }
    previous = shownPlace
    if !staysAtServer { shown.tabs.current.leave() }
    shownIndex = tab.server
    resetSubject()
    shown.tabs.select(tab.tab)
  }

  mutating func showNext(by step: Int) {
    let count = tabCount
    let next = (shownNumber - 1 + step % count + count) % count
    if let tab = tab(withNumber: next + 1) { show(tab) }
  }

  mutating func showPrevious() { if let tab = previous.flatMap(find) { show(tab) } }

  /// Shows the tab with the strongest activity; if there is none, the tab from which this began, or the lobby.
  mutating func showActive(_ preferences: NotificationPreferences) {
    let tabs = allTabs.map { (tab: $0, activity: servers[$0.server].tabs[$0.tab].activity(preferences)) }
    let others = tabs.indices.filter { $0 != shownNumber - 1 && tabs[$0].activity > .none }
    // The first of equals.
    if let best = others.max(by: { (tabs[$0].activity, $1) < (tabs[$1].activity, $0) }) {
      home = home ?? shownPlace
      move(to: tabs[best].tab)
    } else {
      show(home.flatMap(find) ?? (shownIndex, 0))
    }
  }

  /// Closes the tab on the screen, and shows the one before it. The lobby stays open.
  mutating func closeShownTab() {
    let before = previous.flatMap { $0.server == shown.endpoint ? $0.target : nil }
    if shown.tabs.closeCurrent(goingTo: before) { previous = nil }
  }
}
