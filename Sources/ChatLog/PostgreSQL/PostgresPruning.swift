import ChatProtocol
import ChatRecords

/// Removes expired messages one slice at a time, as `Pruning` does in the log on a disk: conversation by conversation,
/// each from its start up to the first message that stays. Also removes all messages of deleted rooms.
struct PostgresPruning: Sendable {
  /// The retention of the round under way.
  private var retention: Retention?
  /// Conversations up to this row are done.
  private var done = 0
  private var age = Age.unknown
  /// Total number of removed messages.
  private(set) var removed = 0

  /// Which messages are too old.
  private enum Age: Sendable {
    case unknown
    /// Messages up to an id were looked at.
    case searching(AgeCut, through: Int)
    /// Messages up to this id are too old.
    case known(Int)
  }

  /// Limits of one full slice: conversations visited, messages removed, and messages whose age is looked at.
  private static let conversationsAtOnce = 1000
  private static let messagesAtOnce = 500
  private static let agesAtOnce = 20_000

  /// Call within a transaction.
  /// - Returns: whether there is more to remove.
  mutating func removeSlice(
    _ retention: Retention, at now: Timestamp, _ size: PostgresSlices.Size, on connection: PostgresConnection
  ) throws(PostgresError) -> Bool {
    // One program at a time does maintenance.
    let lock = try connection.execute(
      "SELECT pg_try_advisory_xact_lock(\(PostgresSchema.Lock.maintenance.rawValue))")
    guard lock.first?.bool(0) == true else { return false }
    // A round with another retention starts over: it may keep what the earlier one would remove.
    if retention != self.retention { (self.retention, done, age) = (retention, 0, .unknown) }
    guard let cut = try cut(retention, at: now, size, on: connection) else { return true }
    let messages = size.part(of: Self.messagesAtOnce)
    let limit = removed + messages
    let slice = try expiring(retention, through: cut, size, on: connection)
    for conversation in slice.ids {
      removed += try Self.remove(conversation, retention, through: cut, limit: limit - removed, on: connection)
      // The conversation may have more to remove.
      guard removed < limit else { return true }
      done = conversation
    }
    if let last = slice.last {
      done = last
      return true
    }
    let marks = try PostgresMarks(connection: connection).prune(day: now.day, limit: messages)
    guard marks < messages else { return true }
    done = 0
    age = .unknown
    return false
  }

  /// - Returns: id of the last message that is too old, 0 if there is none; nil if it is not known yet.
  private mutating func cut(
    _ retention: Retention, at now: Timestamp, _ size: PostgresSlices.Size, on connection: PostgresConnection
  ) throws(PostgresError) -> Int? {
    guard retention.age != nil else { return 0 }
    if case .known(let cut) = age { return cut }
    var (cut, through) = (AgeCut(retention, at: now), 0)
    if case .searching(let earlier, let last) = age { (cut, through) = (earlier, last) }
    let limit = size.part(of: Self.agesAtOnce)
    let rows = try connection.execute(
      "SELECT id, time FROM messages WHERE id > $1 ORDER BY id LIMIT $2", [.int(through), .int(limit)])
    for row in rows.map({ $0 }) {
      through = row.int(0)
      guard cut.add(through, at: row.int64(1)) else {
        age = .known(cut.last ?? 0)
        return cut.last ?? 0
      }
    }
    guard rows.count == limit else {
      age = .known(cut.last ?? 0)
      return cut.last ?? 0
    }
    age = .searching(cut, through: through)
    return nil
  }

  /// The condition on a message that it expires, with `$1` the cut and `$2` the number to keep.
  private static let expires = "(c.deleted OR m.id <= $1 OR m.sequence <= c.head - $2)"

  /// The next conversations whose oldest message expires.
  /// - Returns: their rows, and the last row visited; nil if there is none behind it.
  private func expiring(
    _ retention: Retention, through cut: Int, _ size: PostgresSlices.Size, on connection: PostgresConnection
  ) throws(PostgresError) -> (ids: [Int], last: Int?) {
    let limit = size.part(of: Self.conversationsAtOnce)
    let rows = try connection.execute(
      """
      SELECT c.id, EXISTS (SELECT FROM
        (SELECT id, sequence FROM messages WHERE conversation = c.id ORDER BY sequence LIMIT 1) m WHERE \(Self.expires))
      FROM conversations c WHERE c.id > $3 AND (c.deleted OR NOT $4) ORDER BY c.id LIMIT $5
      """,
      [.int(cut), .int(Self.kept(retention)), .int(done), .boolean(retention.isUnlimited), .int(limit)])
    let ids = rows.map { $0.bool(1) ? $0.int(0) : Int?.none }.compactMap { $0 }
    return (ids, rows.count == limit ? rows[rows.count - 1].int(0) : nil)
  }

  /// The number of messages to keep of each conversation. The difference to any head can be represented.
  private static func kept(_ retention: Retention) -> Int { min(max(retention.count ?? .max, 0), 1 << 61) }

  private static func remove(
    _ conversation: Int, _ retention: Retention, through cut: Int, limit: Int, on connection: PostgresConnection
  ) throws(PostgresError) -> Int {
    try connection.execute(
      """
      WITH oldest AS (
        SELECT id, sequence, conversation FROM messages WHERE conversation = $3 ORDER BY sequence LIMIT $4
      ), expired AS (
        SELECT m.id FROM oldest m JOIN conversations c ON c.id = m.conversation WHERE \(expires)
      ), words AS (DELETE FROM search WHERE id IN (SELECT id FROM expired))
      DELETE FROM messages WHERE id IN (SELECT id FROM expired)
      """, [.int(cut), .int(kept(retention)), .int(conversation), .int(limit)]
    ).changed
  }
}
