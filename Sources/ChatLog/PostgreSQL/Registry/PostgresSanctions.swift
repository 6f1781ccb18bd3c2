import ChatProtocol

/// The table `sanctions`, on one connection.
struct PostgresSanctions {
  let connection: PostgresConnection

  func put(_ sanction: Sanction) throws(PostgresError) {
    try connection.execute(
      """
      INSERT INTO sanctions (kind, subject_key, subject, until, author, reason, blocks)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (kind, subject_key) DO UPDATE SET subject = excluded.subject, until = excluded.until,
        author = excluded.author, reason = excluded.reason, blocks = excluded.blocks
      """,
      [
        .text(sanction.kind.rawValue), .text(sanction.subject.key), .text(sanction.subject.text),
        .int8(sanction.until?.milliseconds), .text(sanction.by.text), .utf8(sanction.reason),
        .text(sanction.blocks.map(\.description).sorted().joined(separator: " ")),
      ])
  }

  func remove(_ kind: Sanction.Kind, _ subject: Subject) throws(PostgresError) {
    try connection.execute(
      "DELETE FROM sanctions WHERE kind = $1 AND subject_key = $2", [.text(kind.rawValue), .text(subject.key)])
  }

  func all() throws(PostgresError) -> [Sanction] {
    let rows = try connection.execute(
      "SELECT kind, subject, until, author, reason, blocks FROM sanctions ORDER BY kind, subject_key")
    return rows.map { row -> Sanction? in
      guard let kind = Sanction.Kind(rawValue: row.text(0)), let subject = Subject(row.text(1)),
        let author = Nickname(row.text(3))
      else { return nil }
      return Sanction(
        kind: kind, subject: subject, until: row.optionalInt64(2).map(Timestamp.init(milliseconds:)), by: author,
        reason: row.text(4), blocks: Set(row.text(5).split(separator: " ").compactMap { Network($0) }))
    }.compactMap { $0 }
  }
}
