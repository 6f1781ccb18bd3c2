import ChatProtocol

/// The table `acts`, on one connection.
struct PostgresActs {
  let connection: PostgresConnection

  /// Ignores acts that are already present. Call within a transaction that holds the log's row, because the ids
  /// continue those of the table.
  func add(_ acts: EncodedActs) throws(PostgresError) {
    guard !acts.slices.isEmpty else { return }
    for slice in acts.slices {
      try connection.execute(
        """
        INSERT INTO acts (id, time, author, verb, subject, text)
        SELECT coalesce((SELECT max(id) FROM acts), 0) + row_number() OVER (ORDER BY u.place),
          u.time, u.author, u.verb, u.subject, u.text
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])
          WITH ORDINALITY u (time, author, verb, subject, text, place)
        WHERE NOT EXISTS (SELECT FROM acts a WHERE a.time = u.time AND a.author = u.author AND a.verb = u.verb
          AND a.subject = u.subject AND a.text = u.text)
        """, slice)
    }
    try connection.execute("DELETE FROM acts WHERE id <= (SELECT max(id) FROM acts) - \(AuditTrail.capacity)")
  }

  /// Newest first.
  func newest(_ limit: Int) throws(PostgresError) -> [Act] {
    let rows = try connection.execute(
      "SELECT id, time, author, verb, subject, text FROM acts ORDER BY id DESC LIMIT $1",
      [.int(min(max(limit, 0), AuditTrail.capacity))])
    return rows.map(Self.act).compactMap { $0 }
  }

  /// Acts in the order of recording, one slice at a time.
  /// - Parameter id: the `last` of the previous slice; 0 for the first slice.
  /// - Returns: the acts, and the id to continue from; nil after the last ones.
  func after(_ id: Int, limit: Int) throws(PostgresError) -> (acts: [Act], last: Int?) {
    let rows = try connection.execute(
      "SELECT id, time, author, verb, subject, text FROM acts WHERE id > $1 ORDER BY id LIMIT $2",
      [.int(id), .int(limit)])
    return (rows.map(Self.act).compactMap { $0 }, rows.count > 0 ? rows[rows.count - 1].int(0) : nil)
  }

  private static func act(_ row: PostgresRows.Row) -> Act? {
    guard let author = Nickname(row.text(2)), let verb = Verb(rawValue: row.text(3)) else { return nil }
    return Act(
      time: Timestamp(milliseconds: row.int64(1)), by: author, verb: verb, subject: row.text(4), text: row.text(5))
  }
}
