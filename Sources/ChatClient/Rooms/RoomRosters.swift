import ChatModel
import ChatProtocol

/// Members of each room besides the lobby. The total is bounded, because a server may list any names.
struct RoomRosters: Sendable {
  private var rosters: [RoomName: Roster] = [:]
  private var count = 0

  /// - Returns: the members that there was room for.
  mutating func set(_ roster: Roster, in room: RoomName) -> [Person] {
    remove(room)
    var kept = Roster()
    for person in roster.people.prefix(Roster.limit - count) { kept.insert(person) }
    rosters[room] = kept
    count += kept.count
    return kept.people
  }

  mutating func remove(_ room: RoomName) { count -= rosters.removeValue(forKey: room)?.count ?? 0 }

  /// - Returns: whether the name is new in the room.
  mutating func insert(_ name: Nickname, in room: RoomName) -> Bool {
    guard count < Roster.limit, rosters[room, default: Roster()].insert(unlessKnown: name) else { return false }
    count += 1
    return true
  }

  /// - Returns: whether the name was in the room.
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
