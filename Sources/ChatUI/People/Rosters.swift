import ChatProtocol

/// Who is where: on the server, and in each room that we are in.
struct Rosters: Hashable, Sendable {
  /// Everybody who is on the server.
  private(set) var lobby = Roster()
  /// Whether `lobby` has everybody: some servers do not say who is there.
  private(set) var isLobbyKnown = false
  private var rooms: [RoomName: Roster] = [:]
  /// As far as is known, also of those who have left: what they said still stands there.
  private(set) var guests = Guests()

  /// Nobody is in more rooms.
  private static let maximumRooms = TabList.maximumTabs
  /// In all rooms together, besides the lobby.
  private static let maximumPeople = Roster.maximumPeople
  private var count = 0

  subscript(room: RoomName) -> Roster { room == .lobby ? lobby : rooms[room] ?? Roster() }

  mutating func set(_ room: RoomName, _ people: [Person]) {
    guard room != .lobby else {
      lobby = Roster(people)
      for person in lobby.people { note(person) }
      isLobbyKnown = true
      return
    }
    guard hasRoom(for: room) else { return }
    count -= rooms[room]?.count ?? 0
    let roster = Roster(Array(people.prefix(max(Self.maximumPeople - count, 0))))
    count += roster.count
    rooms[room] = roster
  }

  mutating func insert(_ name: Nickname, in room: RoomName) {
    guard room != .lobby else {
      // That they are a guest is told behind it.
      guests.remove(name)
      return lobby.insert(Person(name))
    }
    guard hasRoom(for: room), count < Self.maximumPeople || rooms[room]?[name] != nil else { return }
    let known = lobby[name]
    let person = Person(name, away: known?.away, isGuest: known?.isGuest == true)
    change(room) { $0.insert(person) }
  }

  private mutating func change(_ room: RoomName, _ body: (inout Roster) -> Void) {
    var roster = rooms.removeValue(forKey: room) ?? Roster()
    count -= roster.count
    body(&roster)
    count += roster.count
    rooms[room] = roster
  }

  private func hasRoom(for room: RoomName) -> Bool { rooms[room] != nil || rooms.count < Self.maximumRooms }

  /// - Parameter room: the lobby stands for all of them.
  /// - Returns: which rooms the person was in, besides the lobby.
  mutating func remove(_ name: Nickname, from room: RoomName) -> [RoomName] {
    guard room == .lobby else {
      if rooms[room] != nil { change(room) { $0.remove(name) } }
      return [room]
    }
    lobby.remove(name)
    let left = rooms.keys.filter { rooms[$0]?[name] != nil }
    for room in left { change(room) { $0.remove(name) } }
    return left
  }

  mutating func setAway(_ name: Nickname, _ text: String?) {
    change(Person(name, away: text, isGuest: lobby[name]?.isGuest == true))
  }

  mutating func setGuest(_ name: Nickname) {
    guard let known = lobby[name] else { return }
    guests.insert(known.name)
    change(Person(known.name, away: known.away, isGuest: true))
  }

  private mutating func change(_ person: Person) {
    lobby.insert(person)
    for room in rooms.keys where rooms[room]?[person.name] != nil { rooms[room]?.insert(person) }
  }

  private mutating func note(_ person: Person) {
    if person.isGuest { guests.insert(person.name) } else { guests.remove(person.name) }
  }

  /// Nobody is known to be there any more.
  mutating func disconnect() {
    let known = guests
    self = Rosters()
    guests = known
  }

  /// We are not in the room any more.
  mutating func forget(_ room: RoomName) { count -= rooms.removeValue(forKey: room)?.count ?? 0 }
}
