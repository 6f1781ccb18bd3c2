import ChatModel
import ChatProtocol

/// A place that the user can go to in the switcher.
struct Destination: Hashable, Sendable {
  enum Place: Hashable, Sendable {
    /// A conversation of an open server, with or without a tab.
    case conversation(TabPlace)
    /// A server, open or not.
    case server(ShareLink)
  }

  let place: Place
  /// The name that is shown and searched: `#dev`, or that of a server.
  let name: String
  /// The name of the server that a conversation belongs to; nil if there is only one server.
  let server: String?

  /// The quality of a match: letters at the beginning of the name, together inside it, or in order with gaps.
  /// - Parameter letters: folded.
  /// - Returns: nil if the name does not contain all letters in this order.
  func rank(_ letters: [Unicode.Scalar], in key: [Unicode.Scalar]) -> Int? {
    guard let first = letters.first else { return 0 }
    let hasSign = if case .conversation = place { true } else { false }
    let bare = first == "#" || first == "@" || !hasSign ? key : Array(key.dropFirst())
    if let rank = Self.rank(letters, in: bare) { return rank }
    // Names of conversations come before those of their servers.
    guard let server else { return nil }
    return Self.rank(letters, in: server.foldedForSearch().unicodeScalars + "/".unicodeScalars + key).map { $0 + 100 }
  }

  private static func rank(_ letters: [Unicode.Scalar], in name: [Unicode.Scalar]) -> Int? {
    if name.starts(with: letters) { return 0 }
    var gaps = 0
    var last: Int?
    var rest = letters[...]
    for (index, letter) in name.enumerated() where letter == rest.first {
      if let last, index > last + 1 { gaps += 1 }
      last = index
      rest.removeFirst()
    }
    return rest.isEmpty ? 1 + gaps : nil
  }
}

extension Interface {
  /// The places to go to: tabs that want attention first, then the other tabs, servers, rooms and people.
  var destinations: [Destination] {
    let shown = (servers.shownIndex, servers.shown.tabs.currentIndex)
    let others = servers.allTabs.filter { $0 != shown }
    let activity = { [servers, preferences] (tab: ServerList.TabIndex) in
      servers[tab.server].tabs[tab.tab].activity(preferences.notifications)
    }
    let urgent = others.filter { activity($0) > .none }.sorted { activity($0) > activity($1) }
    let calm = others.filter { activity($0) == .none }
    var seen: Set<TabPlace> = [servers.shownPlace]
    let known = (urgent + calm).map { conversation(servers[$0.server].tabs[$0.tab].target, at: $0.server) }
    // The server on the screen first.
    let indices = [servers.shownIndex] + servers.servers.indices.filter { $0 != servers.shownIndex }
    let rest = indices.flatMap { index in
      let server = servers[index]
      let rooms = server.rooms.listed.map { Target.room($0.name) }
      let people = server.rosters.lobby.people.compactMap { $0.name == server.name ? nil : Target.person($0.name) }
      return (rooms + people).map { conversation($0, at: index) }
    }
    return (known + serverDestinations + rest).filter { destination in
      guard case .conversation(let place) = destination.place else { return true }
      return seen.insert(place).inserted
    }
  }

  private func conversation(_ target: Target, at server: Int) -> Destination {
    Destination(
      place: .conversation(TabPlace(server: servers[server].endpoint, target: target)), name: target.text,
      server: servers.hasSeveral ? serverLabel(server) : nil)
  }

  /// The other open servers, and those that the settings name.
  private var serverDestinations: [Destination] {
    let open = servers.servers.indices.filter { $0 != servers.shownIndex }.map { index in
      Destination(
        place: .server(ShareLink(endpoint: servers[index].endpoint)), name: serverLabel(index), server: nil)
    }
    let named = preferences.servers.filter { servers.index(of: $0.link.endpoint) == nil }.map { server in
      Destination(place: .server(server.link), name: server.label, server: nil)
    }
    return open + named
  }

  mutating func go(to destination: Destination) -> [InterfaceCommand] {
    switch destination.place {
    case .server(let link): return connect(to: link)
    case .conversation(let place):
      guard let index = servers.index(of: place.server) else { return [] }
      if index != servers.shownIndex { select { $0.show((index, $0[index].tabs.currentIndex)) } }
      if case .room(let room) = place.target { return join(room) }
      _ = openTab(place.target)
      return []
    }
  }
}
