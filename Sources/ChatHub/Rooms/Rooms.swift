import ChatProtocol

/// The known rooms, in the order in which they were added, the skeletons of their names, and the limits on making and
/// writing to them.
struct Rooms: Sendable {
  private var rooms = InsertionOrderedTable<RoomName, Room>()
  private var skeletons = ConfusableIndex()
  /// The heads of removed rooms, so that a new room of the same name continues the sequence and no cursor refers to
  /// another message. A missing entry is harmless, because the log continues the sequence itself.
  private var pastHeads: [RoomName: Int] = [:]
  /// Deleted rooms that were not opened again, with the sequences of their last messages.
  private var deleted: [RoomName: Int] = [:]

  var creations = RoomCreations()
  var slow = SlowRooms()
  var invitationNotices = InvitationNotices()
  private var lastSubscription: UInt64 = 0

  private static let maximumPastHeads = 100_000

  var count: Int { rooms.count }
  var entries: some Sequence<InsertionOrderedTable<RoomName, Room>.Entry> { rooms.entries }

  func contains(_ name: RoomName) -> Bool { rooms.contains(name) }
  subscript(name: RoomName) -> Room? { rooms[name] }
  /// The room under its name as first written.
  func entry(_ name: RoomName) -> InsertionOrderedTable<RoomName, Room>.Entry? { rooms.entry(name) }

  /// Whether the name could be mistaken for that of another room.
  /// - Parameter name: must not be the name of a known room.
  func contains(lookalikeOf name: RoomName) -> Bool { skeletons.contains(lookalikeOf: name) }

  /// - Returns: false if the room exists already, which stays.
  @discardableResult
  mutating func insert(_ name: RoomName, _ room: Room) -> Bool {
    guard !rooms.contains(name) else { return false }
    var room = room
    if let head = pastHeads.removeValue(forKey: name) { room.head = max(room.head, head) }
    deleted[name] = nil
    rooms.insert(name, room)
    skeletons.insert(name)
    return true
  }

  @discardableResult
  mutating func update<Outcome>(_ name: RoomName, _ change: (inout Room) -> Outcome) -> Outcome? {
    rooms.update(name, change)
  }

  /// Notes that a message has been accepted in the room.
  /// - Returns: whether it is the first one.
  mutating func markFounded(_ name: RoomName) -> Bool {
    rooms.update(name) { room in
      defer { room.isFounded = true }
      return !room.isFounded
    } ?? false
  }

  @discardableResult
  mutating func remove(_ name: RoomName) -> Room? {
    guard let known = rooms.entry(name)?.key, let room = rooms.remove(name) else { return nil }
    skeletons.remove(known)
    notePast(name, head: room.head)
    return room
  }

  /// Removes a room whose messages are deleted.
  mutating func delete(_ name: RoomName) {
    let head = max(remove(name)?.head ?? 0, deleted[name] ?? 0)
    notePast(name, head: head)
    if deleted.count < Self.maximumPastHeads { deleted[name] = head }
  }

  /// Whether the room was deleted, and not opened again.
  func isDeleted(_ name: RoomName) -> Bool { deleted[name] != nil }

  /// Records a message that was stored after its room was deleted. Its number becomes known with its own deletion.
  mutating func noteDeleted(_ name: RoomName, head: Int) {
    if let known = deleted[name] { deleted[name] = max(known, head) }
  }

  /// Records the head of a room whose messages are all removed.
  mutating func notePast(_ name: RoomName, head: Int) {
    guard head > 0, pastHeads.count < Self.maximumPastHeads else { return }
    pastHeads[name] = head
  }

  /// The room whose removal does the least harm: without members and with the fewest messages, so that one message in
  /// each of many rooms does not suffice to displace others. Rooms that lost their members recently come last: a link
  /// may have broken.
  /// - Parameter isKept: whether a room must not be chosen.
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

  /// A number that no other subscription has.
  mutating func nextSubscription() -> UInt64 {
    lastSubscription += 1
    return lastSubscription
  }
}
