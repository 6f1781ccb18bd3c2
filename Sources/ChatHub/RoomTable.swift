import ChatProtocol

/// The rooms that are known, in the order in which they came, and how their names look.
struct RoomTable: Sendable {
  private var rooms = InsertionOrderedTable<RoomName, Room>()
  private var looks = ConfusableIndex()
  /// The last number of rooms that are gone, so that a new one of the name goes on counting: no cursor is taken for
  /// another message. One that is missing is no harm, since the log counts on.
  private var pastHeads: [RoomName: Int] = [:]

  private static let maximumPastHeads = 100_000

  var count: Int { rooms.count }
  var entries: some Sequence<InsertionOrderedTable<RoomName, Room>.Entry> { rooms.entries }

  func contains(_ name: RoomName) -> Bool { rooms.contains(name) }
  subscript(name: RoomName) -> Room? { rooms[name] }
  /// The room under its name as it was first written.
  func entry(_ name: RoomName) -> InsertionOrderedTable<RoomName, Room>.Entry? { rooms.entry(name) }

  /// Whether another room's name could be taken for this one.
  /// - Parameter name: of no room that is known.
  func contains(lookalikeOf name: RoomName) -> Bool { looks.contains(lookalikeOf: name) }

  /// - Returns: false where there is such a room, which stays.
  @discardableResult
  mutating func insert(_ name: RoomName, _ room: Room) -> Bool {
    guard !rooms.contains(name) else { return false }
    var room = room
    if let head = pastHeads.removeValue(forKey: name) { room.head = max(room.head, head) }
    rooms.insert(name, room)
    looks.insert(name)
    return true
  }

  @discardableResult
  mutating func update<Outcome>(_ name: RoomName, _ change: (inout Room) -> Outcome) -> Outcome? {
    rooms.update(name, change)
  }

  @discardableResult
  mutating func remove(_ name: RoomName) -> Room? {
    guard let known = rooms.entry(name)?.key, let room = rooms.remove(name) else { return nil }
    looks.remove(known)
    notePast(name, head: room.head)
    return room
  }

  /// A room whose messages are all gone.
  mutating func notePast(_ name: RoomName, head: Int) {
    guard head > 0, pastHeads.count < Self.maximumPastHeads else { return }
    pastHeads[name] = head
  }

  /// The room that is missed least: with nobody in it, and with the fewest messages, so that it takes more than a word
  /// in each of many rooms to push others out. Rooms that just lost their people come last: a link may have broken.
  /// - Parameter isKept: whether a room is none to choose.
  func abandoned(at now: MonotonicTime, unless isKept: (RoomName) -> Bool) -> RoomName? {
    var best: (name: RoomName, isRecent: Bool, head: Int)?
    for entry in rooms.entries where entry.value.people.isEmpty && entry.key != .lobby && !isKept(entry.key) {
      let isRecent = entry.value.emptySince.map { now - $0 < Self.recent } ?? false
      if let best, (best.isRecent ? 1 : 0, best.head) <= (isRecent ? 1 : 0, entry.value.head) { continue }
      best = (entry.key, isRecent, entry.value.head)
    }
    return best?.name
  }

  private static let recent = Duration.seconds(600)
}
