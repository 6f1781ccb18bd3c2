import ChatProtocol
import ChatRecords

/// The tables `room_rules` and `room_guests`, on one connection.
struct PostgresRoomRules {
  let connection: PostgresConnection

  /// Maximum slow-mode interval, in seconds.
  private static let maximumSlowness = 366 * 86_400

  func put(_ rules: RoomRules) throws(PostgresError) {
    let key = PostgresParameter.text(rules.room.folded)
    if rules.isVoid {
      try connection.execute("DELETE FROM room_rules WHERE room_key = $1", [key])
    } else {
      try connection.execute(
        """
        INSERT INTO room_rules (room_key, room, owner, slowness) VALUES ($1, $2, $3, $4)
        ON CONFLICT (room_key) DO UPDATE SET
        room = excluded.room, owner = excluded.owner, slowness = excluded.slowness
        """, [key, .text(rules.room.text), .int8(rules.owner?.number), .int(rules.slowness)])
    }
    // Only the differences are written: usually one of many guests is added or removed.
    let guests = PostgresParameter.int8s(rules.isVoid ? [] : rules.guests.map(\.number).sorted())
    try connection.execute("DELETE FROM room_guests WHERE room_key = $1 AND member <> ALL ($2)", [key, guests])
    try connection.execute(
      "INSERT INTO room_guests (room_key, member) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING",
      [key, guests])
  }

  func all() throws(PostgresError) -> [RoomRules] {
    var guests: [String: Set<MemberID>] = [:]
    for row in try connection.execute("SELECT room_key, member FROM room_guests").map({ $0 }) {
      guests[row.text(0), default: []].insert(MemberID(row.int64(1)))
    }
    let rows = try connection.execute("SELECT room_key, room, owner, slowness FROM room_rules ORDER BY room_key")
    return rows.map { row -> RoomRules? in
      guard let name = RoomName(row.text(1)) else { return nil }
      let rules = RoomRules(
        room: name, owner: row.optionalInt64(2).map(MemberID.init), guests: guests[row.text(0)] ?? [],
        slowness: min(max(row.int(3), 0), Self.maximumSlowness))
      return rules.isVoid ? nil : rules
    }.compactMap { $0 }
  }
}
