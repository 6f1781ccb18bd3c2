import ChatProtocol

/// Fills the tables `search` and `days`, on one connection.
struct PostgresIndex {
  let connection: PostgresConnection

  func indexedThrough() throws(PostgresError) -> Int {
    try connection.execute("SELECT indexed_through FROM indexing").first?.int(0) ?? 0
  }

  /// Whether messages are not indexed yet.
  ///
  /// The greatest id comes from the index of ids. A search for rows above the id of a subquery would read the whole
  /// table, because the planner expects every third row to match.
  static let isBehindQuery =
    "SELECT coalesce((SELECT max(id) FROM messages), 0) > indexed_through FROM indexing"

  func isBehind() throws(PostgresError) -> Bool {
    try connection.execute(Self.isBehindQuery).first?.bool(0) ?? false
  }

  /// The next messages to be indexed, with their words.
  struct Slice: Sendable {
    /// The last indexed message before these.
    fileprivate let start: Int
    fileprivate let end: Int
    /// The number of messages, with those that have no words.
    let count: Int
    /// Whether there may be more messages behind these.
    let hasMore: Bool
    fileprivate var ids: [Int] = []
    fileprivate var conversations: [Int] = []
    fileprivate var words: [String] = []
    fileprivate var days: [Int64: ClosedRange<Int>] = [:]
  }

  /// Reads the next messages that are not indexed, at most `limit`. Call outside a transaction: the database ends one in
  /// which a slow machine computes the words for some seconds.
  /// - Parameter bytes: the slice ends with the message whose text reaches this length in total.
  /// - Returns: nil if all messages are indexed.
  func nextSlice(limit: Int, bytes: Int) throws(PostgresError) -> Slice? {
    let start = try indexedThrough()
    let next = try connection.execute(
      """
      SELECT id, conversation, author, text, time, kind, total FROM (
        SELECT n.*, sum(octet_length(n.text)) OVER (ORDER BY n.id ROWS UNBOUNDED PRECEDING) AS total FROM (
          SELECT id, conversation, author, text, time, kind FROM messages WHERE id > $1 ORDER BY id LIMIT $2
        ) n
      ) t WHERE total - octet_length(text) < $3 ORDER BY id
      """, [.int(start), .int(limit), .int(bytes)])
    guard next.count > 0 else { return nil }
    let last = next[next.count - 1]
    var slice = Slice(
      start: start, end: last.int(0), count: next.count, hasMore: next.count == limit || last.int(6) >= bytes)
    for row in next.map({ $0 }) where row.int(5) == MessageKind.text.rawValue {
      guard let author = Nickname(row.text(2)) else { continue }
      let (id, day) = (row.int(0), Timestamp(milliseconds: row.int64(4)).day)
      slice.ids.append(id)
      slice.conversations.append(row.int(1))
      slice.words.append(PostgresWords.words(id: id, conversation: row.int(1), author: author, text: row.text(3)))
      slice.days[day] = min(slice.days[day]?.lowerBound ?? id, id)...id
    }
    return slice
  }

  /// Adds messages to the index, except those whose text was removed since they were read. Call within a transaction.
  /// - Returns: false if another program extends the index, or has extended it.
  func write(_ slice: Slice) throws(PostgresError) -> Bool {
    // One program at a time does maintenance, and no message is redacted meanwhile.
    let lock = try connection.execute(
      "SELECT pg_try_advisory_xact_lock(\(PostgresSchema.Lock.maintenance.rawValue))")
    guard lock.first?.bool(0) == true, try indexedThrough() == slice.start else { return false }
    try connection.execute(
      """
      INSERT INTO search (id, conversation, words)
      SELECT u.id, u.conversation, array_to_tsvector(string_to_array(u.words, ' '))
      FROM unnest($1::bigint[], $2::bigint[], $3::text[]) u (id, conversation, words)
      WHERE EXISTS (SELECT FROM messages m WHERE m.id = u.id AND m.kind = \(MessageKind.text.rawValue) OFFSET 0)
      ON CONFLICT DO NOTHING
      """, [.ints(slice.ids), .ints(slice.conversations), .texts(slice.words)])
    try write(slice.days)
    try connection.execute("UPDATE indexing SET indexed_through = $1", [.int(slice.end)])
    return true
  }

  /// Days may overlap, because the clock may have gone back.
  private func write(_ days: [Int64: ClosedRange<Int>]) throws(PostgresError) {
    let sorted = days.sorted { $0.key < $1.key }
    try connection.execute(
      """
      INSERT INTO days AS d (day, first_id, last_id) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
      ON CONFLICT (day) DO UPDATE SET
      first_id = least(d.first_id, excluded.first_id), last_id = greatest(d.last_id, excluded.last_id)
      """,
      [
        .int8s(sorted.map(\.key)), .ints(sorted.map(\.value.lowerBound)), .ints(sorted.map(\.value.upperBound)),
      ])
  }
}
