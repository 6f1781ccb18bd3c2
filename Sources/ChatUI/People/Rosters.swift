import ChatModel
import ChatProtocol

/// The rosters of the server and of each room that the user is in.
struct Rosters: Hashable, Sendable {
  /// All users on the server.
  private(set) var lobby = SortedRoster()
  /// Whether `lobby` is complete: some servers do not list their users.
  private(set) var isLobbyKnown = false
  private var rooms: [RoomName: SortedRoster] = [:]
  /// The known guests, including those who have left, because their messages are still shown.
  private(set) var guests = Guests()

  /// The times at which users in `lobby` went away, as far as this client was told.
  private(set) var awaySince: [Nickname: Timestamp] = [:]

  /// The limit for rooms.
  private static let maximumRooms = TabList.maximumTabs
  /// The limit for members of all rooms together, without the lobby.
  private static let maximumPeople = SortedRoster.maximumPeople
  private var count = 0

  subscript(room: RoomName) -> SortedRoster { room == .lobby ? lobby : rooms[room] ?? SortedRoster() }

  mutating func set(_ room: RoomName, _ people: [Person]) {
    guard room != .lobby else {
      lobby = SortedRoster(people)
      for person in lobby.people { note(person) }
      awaySince = awaySince.filter { lobby[$0.key]?.away != nil }
      isLobbyKnown = true
      return
    }
    guard hasRoom(for: room) else { return }
    count -= rooms[room]?.count ?? 0
    let roster = SortedRoster(Array(people.prefix(max(Self.maximumPeople - count, 0))))
    count += roster.count
    rooms[room] = roster
  }

  mutating func insert(_ name: Nickname, in room: RoomName) {
    guard room != .lobby else {
      // If the user is a guest, the event for that follows.
      guests.remove(name)
      return lobby.insert(Person(name))
    }
    guard hasRoom(for: room), count < Self.maximumPeople || rooms[room]?[name] != nil else { return }
    let known = lobby[name]
    let person = Person(name, away: known?.away, isGuest: known?.isGuest == true)
    change(room) { $0.insert(person) }
  }

  private mutating func change(_ room: RoomName, _ body: (inout SortedRoster) -> Void) {
    var roster = rooms.removeValue(forKey: room) ?? SortedRoster()
    count -= roster.count
    body(&roster)
    count += roster.count
    rooms[room] = roster
  }

  private func hasRoom(for room: RoomName) -> Bool { rooms[room] != nil || rooms.count < Self.maximumRooms }

  /// - Parameter room: the lobby stands for all rooms.
  /// - Returns: the rooms that the user was in, besides the lobby.
  mutating func remove(_ name: Nickname, from room: RoomName) -> [RoomName] {
    guard room == .lobby else {
      if rooms[room] != nil { change(room) { $0.remove(name) } }
      return [room]
    }
    lobby.remove(name)
    awaySince[name] = nil
    let left = rooms.keys.filter { rooms[$0]?[name] != nil }
    for room in left { change(room) { $0.remove(name) } }
    return left
  }

  mutating func setAway(_ name: Nickname, _ text: String?, at time: Timestamp) {
    if text == nil { awaySince[name] = nil } else if lobby[name]?.away == nil { awaySince[name] = time }
    change(Person(name, away: text, isGuest: lobby[name]?.isGuest == true))
  }

  mutating func setGuest(_ name: Nickname) {
    guard let known = lobby[name] else { return }
    guests.insert(known.name)
    change(Person(known.name, away: known.away, isGuest: true))
  }

  private mutating func change(_ person: Person) {
    lobby.insert(person)
    if lobby[person.name] == nil { awaySince[person.name] = nil }
    for room in rooms.keys where rooms[room]?[person.name] != nil { rooms[room]?.insert(person) }
  }

  private mutating func note(_ person: Person) {
    if person.isGuest { guests.insert(person.name) } else { guests.remove(person.name) }
  }

  /// Clears the rosters when the connection is lost; known guests stay.
  mutating func disconnect() {
    let known = guests
    self = Rosters()
    guests = known
  }

  /// Removes the roster of a room that the user has left.
  mutating func forget(_ room: RoomName) { count -= rooms.removeValue(forKey: room)?.count ?? 0 }
}
