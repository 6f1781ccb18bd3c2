import ChatProtocol
import ChatRecords
import GRDB

/// The tables `room_rules` and `room_guests`, on one connection.
struct RoomRuleTable {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Maximum slow-mode interval, in seconds.
  private static let maximumSlowness = 366 * 86_400

  // MARK: Changing

  func put(_ rules: RoomRules) throws {
    let key = rules.room.folded
    if rules.isVoid {
      let delete = try PreparedStatement("DELETE FROM room_rules WHERE room_key = ?", in: database)
      delete.bind(key, at: 1)
      try delete.run()
    } else {
      let upsert = try PreparedStatement(
        """
        INSERT INTO room_rules (room_key, room, owner, slowness) VALUES (?, ?, ?, ?)
        ON CONFLICT (room_key) DO UPDATE SET
        room = excluded.room, owner = excluded.owner, slowness = excluded.slowness
        """, in: database)
      upsert.bind(key, at: 1)
      upsert.bind(rules.room.text, at: 2)
      upsert.bind(rules.owner?.number, at: 3)
      upsert.bind(rules.slowness, at: 4)
      try upsert.run()
    }
    try put(rules.isVoid ? [] : rules.guests, in: key)
  }

  /// Writes only the differences: usually one of many guests is added or removed.
  private func put(_ guests: Set<MemberID>, in room: String) throws {
    let earlier = Set(try self.guests(of: room))
    let delete = try PreparedStatement("DELETE FROM room_guests WHERE room_key = ? AND member = ?", in: database)
    for guest in earlier.subtracting(guests) {
      delete.bind(room, at: 1)
      delete.bind(guest.number, at: 2)
      try delete.run()
    }
    let insert = try PreparedStatement("INSERT INTO room_guests (room_key, member) VALUES (?, ?)", in: database)
    for guest in guests.subtracting(earlier) {
      insert.bind(room, at: 1)
      insert.bind(guest.number, at: 2)
      try insert.run()
    }
  }

  // MARK: Reading

  func all(_ finding: (String) -> Void) throws -> [RoomRules] {
    var rooms: [RoomRules] = []
    let rows = try PreparedStatement(
      "SELECT room_key, room, owner, slowness FROM room_rules ORDER BY room_key", in: database)
    try rows.forEach { row in
      guard let name = RoomName(row.text(1)), name.folded == row.text(0).folded() else {
        finding("rules of a room cannot be read, those of \(DisplayText.sanitize(row.text(0)))")
        return true
      }
      let slowness = min(max(row.int(3), 0), Self.maximumSlowness)
      if slowness != row.int(3) { finding("\(name) makes people wait for \(row.int(3)) seconds") }
      let rules = RoomRules(
        room: name, owner: row.optionalInt64(2).map(MemberID.init), guests: Set(try guests(of: row.text(0))),
        slowness: slowness)
      if rules.isVoid { finding("\(name) has rules that say nothing") } else { rooms.append(rules) }
      return true
    }
    return rooms
  }

  private func guests(of room: String) throws -> [MemberID] {
    var guests: [MemberID] = []
    let rows = try PreparedStatement("SELECT member FROM room_guests WHERE room_key = ?", in: database)
    rows.bind(room, at: 1)
    try rows.forEach { row in
      guests.append(MemberID(row.int64(0)))
      return true
    }
    return guests
  }
}
