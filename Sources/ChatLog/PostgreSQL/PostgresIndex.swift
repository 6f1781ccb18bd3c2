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

  /// Adds the next messages to the index, at most `limit`. Call within a transaction.
  /// - Parameter bytes: the slice ends with the message whose text reaches this length in total.
  /// - Returns: whether there may be more.
  func catchUp(limit: Int, bytes: Int) throws(PostgresError) -> Bool {
    // One program at a time does maintenance, and no message is redacted meanwhile.
    let lock = try connection.execute(
      "SELECT pg_try_advisory_xact_lock(\(PostgresSchema.Lock.maintenance.rawValue))")
    guard lock.first?.bool(0) == true else { return false }
    let next = try connection.execute(
      """
      SELECT id, conversation, author, text, time, kind, total FROM (
        SELECT n.*, sum(octet_length(n.text)) OVER (ORDER BY n.id ROWS UNBOUNDED PRECEDING) AS total FROM (
          SELECT id, conversation, author, text, time, kind FROM messages WHERE id > $1 ORDER BY id LIMIT $2
        ) n
      ) t WHERE total - octet_length(text) < $3 ORDER BY id
      """, [.int(try indexedThrough()), .int(limit), .int(bytes)])
    guard next.count > 0 else { return false }
    let last = next[next.count - 1]
    var (ids, conversations, texts) = ([Int](), [Int](), [String]())
    var days: [Int64: ClosedRange<Int>] = [:]
    for row in next.map({ $0 }) where row.int(5) == MessageKind.text.rawValue {
      guard let author = Nickname(row.text(2)) else { continue }
      let (id, day) = (row.int(0), Timestamp(milliseconds: row.int64(4)).day)
      ids.append(id)
      conversations.append(row.int(1))
      texts.append(PostgresWords.words(id: id, conversation: row.int(1), author: author, text: row.text(3)))
      days[day] = min(days[day]?.lowerBound ?? id, id)...id
    }
    try connection.execute(
      """
      INSERT INTO search (id, conversation, words)
      SELECT u.id, u.conversation, array_to_tsvector(string_to_array(u.words, ' '))
      FROM unnest($1::bigint[], $2::bigint[], $3::text[]) u (id, conversation, words) ON CONFLICT DO NOTHING
      """, [.ints(ids), .ints(conversations), .texts(texts)])
    try write(days)
    try connection.execute("UPDATE indexing SET indexed_through = $1", [.int(last.int(0))])
    return next.count == limit || last.int(6) >= bytes
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
