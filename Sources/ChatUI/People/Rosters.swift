import ChatProtocol

/// Who is where: on the server, and in each room that we are in.
struct Rosters: Hashable, Sendable {
  /// Everybody who is on the server.
  private(set) var lobby = Roster()
  private var rooms: [RoomName: Roster] = [:]

  /// Nobody is in more rooms.
  private static let maximumRooms = TabList.maximumTabs

  subscript(room: RoomName) -> Roster { room == .lobby ? lobby : rooms[room] ?? Roster() }

  mutating func set(_ room: RoomName, _ people: [Person]) {
    if room == .lobby { lobby = Roster(people) } else if hasRoom(for: room) { rooms[room] = Roster(people) }
  }

  mutating func insert(_ name: Nickname, in room: RoomName) {
    guard room != .lobby else { return lobby.insert(Person(name)) }
    guard hasRoom(for: room) else { return }
    rooms[room, default: Roster()].insert(Person(name, away: lobby[name]?.away))
  }

  private func hasRoom(for room: RoomName) -> Bool { rooms[room] != nil || rooms.count < Self.maximumRooms }

  /// - Parameter room: the lobby stands for all of them.
  /// - Returns: which rooms the person was in, besides the lobby.
  mutating func remove(_ name: Nickname, from room: RoomName) -> [RoomName] {
    guard room == .lobby else {
      rooms[room]?.remove(name)
      return [room]
    }
    lobby.remove(name)
    let left = rooms.keys.filter { rooms[$0]?[name] != nil }
    for room in left { rooms[room]?.remove(name) }
    return left
  }

  mutating func setAway(_ name: Nickname, _ text: String?) {
    lobby.insert(Person(name, away: text))
    for room in rooms.keys where rooms[room]?[name] != nil { rooms[room]?.insert(Person(name, away: text)) }
  }

  /// We are not in the room any more.
  mutating func forget(_ room: RoomName) { rooms[room] = nil }
}
