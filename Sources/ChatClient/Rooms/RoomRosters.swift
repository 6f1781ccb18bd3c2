import ChatProtocol

/// Who is in which room, besides the lobby. Bounded together, for a server may put anybody into any.
struct RoomRosters: Sendable {
  private var rosters: [RoomName: Roster] = [:]
  private var count = 0

  /// - Returns: as many of them as there is room for.
  mutating func set(_ roster: Roster, in room: RoomName) -> [Person] {
    remove(room)
    var kept = Roster()
    for person in roster.people.prefix(Roster.limit - count) { kept.insert(person) }
    rosters[room] = kept
    count += kept.count
    return kept.people
  }

  mutating func remove(_ room: RoomName) { count -= rosters.removeValue(forKey: room)?.count ?? 0 }

  /// - Returns: whether they were not there.
  mutating func insert(_ name: Nickname, in room: RoomName) -> Bool {
    guard count < Roster.limit, rosters[room, default: Roster()].insert(unlessKnown: name) else { return false }
    count += 1
    return true
  }

  /// - Returns: whether they were there.
  mutating func remove(_ name: Nickname, from room: RoomName) -> Bool {
    guard rosters[room]?.remove(name) == true else { return false }
    count -= 1
    return true
  }

  mutating func removeFromAll(_ name: Nickname) {
    for room in rosters.keys { _ = remove(name, from: room) }
  }

  mutating func set(away: String?, of name: Nickname) {
    for room in rosters.keys where rosters[room]?.contains(name) == true {
      _ = rosters[room]?.set(away: away, of: name)
    }
  }
}
