import ChatProtocol
import ChatRecords

/// The table `marks`, on one connection.
struct PostgresMarks {
  let connection: PostgresConnection

  private static let lifetimeInDays: Int64 = 366

  private struct Place: Hashable {
    let member: MemberID
    let conversation: Conversation
  }

  /// Call within a transaction.
  /// - Parameter day: nil for the database's clock.
  func keep(_ marks: [ReadMark], day: Int64?) throws(PostgresError) {
    // A statement cannot change a row twice.
    var greatest: [Place: Int] = [:]
    for mark in marks where mark.sequence > 0 {
      let place = Place(member: mark.member, conversation: mark.conversation)
      greatest[place] = max(greatest[place] ?? 0, mark.sequence)
    }
    var (rooms, roomMembers, roomSequences) = ([String](), [Int64](), [Int]())
    var (pairs, pairMembers, pairSequences) = ([Conversation.Pair](), [Int64](), [Int]())
    for (place, sequence) in greatest {
      switch place.conversation {
      case .room(let room):
        rooms.append(room.folded)
        roomMembers.append(place.member.number)
        roomSequences.append(sequence)
      case .pair(let pair):
        pairs.append(pair)
        pairMembers.append(place.member.number)
        pairSequences.append(sequence)
      }
    }
    if !rooms.isEmpty {
      try connection.execute(
        Self.insert(
          "$4::text[]", "(member, sequence, key)", "c.room_key = u.key AND c.room_key IS NOT NULL AND NOT c.deleted"),
        [.int8(day), .int8s(roomMembers), .ints(roomSequences), .texts(rooms)])
    }
    if !pairs.isEmpty {
      try connection.execute(
        Self.insert(
          "$4::bigint[], $5::bigint[]", "(member, sequence, one, other)",
          "c.first_member = u.one AND c.second_member = u.other"),
        [
          .int8(day), .int8s(pairMembers), .ints(pairSequences), .int8s(pairs.map(\.first.number)),
          .int8s(pairs.map(\.second.number)),
        ])
    }
  }

  /// Marks are only in conversations that a message was stored in, and only move forward.
  private static func insert(_ arrays: String, _ columns: String, _ condition: String) -> String {
    """
    INSERT INTO marks AS m (member, conversation, sequence, updated)
    SELECT u.member, c.id, u.sequence, coalesce($1, floor(extract(epoch FROM now()) / 86400)::bigint)
      FROM unnest($2::bigint[], $3::bigint[], \(arrays)) u \(columns)
      JOIN conversations c ON \(condition) AND c.head > 0
    ON CONFLICT (member, conversation) DO UPDATE SET
      sequence = excluded.sequence, updated = greatest(m.updated, excluded.updated)
      WHERE excluded.sequence > m.sequence
    """
  }

  /// Removes at most `limit` marks that have not moved for a year. Call within a transaction.
  /// - Returns: the number removed.
  func prune(day: Int64, limit: Int) throws(PostgresError) -> Int {
    try connection.execute(
      """
      DELETE FROM marks WHERE (member, conversation) IN
      (SELECT member, conversation FROM marks WHERE updated < $1 LIMIT $2)
      """,
      [.int8(day.subtractingReportingOverflow(Self.lifetimeInDays).partialValue), .int(limit)]
    ).changed
  }
}
