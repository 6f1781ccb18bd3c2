import ChatProtocol

/// Who is here, in the order of their logins. Coming, going and finding somebody take the same time however many there
/// are.
struct Roster {
  private var places: [Nickname: Int] = [:]
  /// Who left leaves a gap, until there are more gaps than people.
  private var order: [Entry?] = []

  struct Entry {
    let name: Nickname
    let session: SessionID
  }

  var count: Int { places.count }

  /// In the order of login.
  var entries: some Sequence<Entry> { order.lazy.compactMap { $0 } }

  subscript(name: Nickname) -> Entry? { places[name].flatMap { order[$0] } }

  /// - Returns: false where somebody has the name already.
  mutating func insert(_ name: Nickname, session: SessionID) -> Bool {
    guard places[name] == nil else { return false }
    places[name] = order.count
    order.append(Entry(name: name, session: session))
    return true
  }

  mutating func remove(_ name: Nickname) {
    guard let place = places.removeValue(forKey: name) else { return }
    order[place] = nil
    if order.count > 32, order.count > 2 * places.count { closeGaps() }
  }

  private mutating func closeGaps() {
    order = order.filter { $0 != nil }
    for (place, entry) in order.enumerated() {
      if let entry { places[entry.name] = place }
    }
  }
}
