import ChatProtocol

/// Updates the stored comparison keys to the present `TextRule`, on one connection, as `TextKeys` does in the log on a
/// disk: the keys of rooms, accounts and sanctions, and the word index, which is emptied. The servers fill it again.
///
/// Servers of earlier versions may still run. Their nodes end, and the triggers refuse whatever else they would write by
/// their own rule. They find the later version when they begin again.
struct PostgresTextKeys {
  let connection: PostgresConnection

  /// Refuse keys, words and nodes of connections that follow another rule than the stored keys. A connection states its
  /// rule in the parameter `swiftchat.text_rule`; the first versions do not.
  static let triggers = """
    CREATE FUNCTION check_text_rule_1() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF current_setting('\(PostgresSchema.name).text_rule', true) IS DISTINCT FROM
        (SELECT text_rule::text FROM \(PostgresSchema.name).indexing) THEN
        RAISE EXCEPTION 'another version of swiftchat has changed the rule by which names and words are compared'
          USING ERRCODE = '\(PostgresError.State.nodeEnded)';
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER text_rule BEFORE INSERT ON accounts FOR EACH STATEMENT EXECUTE FUNCTION check_text_rule_1();
    CREATE TRIGGER text_rule BEFORE INSERT ON sanctions FOR EACH STATEMENT EXECUTE FUNCTION check_text_rule_1();
    CREATE TRIGGER text_rule BEFORE INSERT ON room_rules FOR EACH STATEMENT EXECUTE FUNCTION check_text_rule_1();
    CREATE TRIGGER text_rule BEFORE INSERT ON conversations FOR EACH STATEMENT EXECUTE FUNCTION check_text_rule_1();
    CREATE TRIGGER text_rule BEFORE INSERT ON search FOR EACH STATEMENT EXECUTE FUNCTION check_text_rule_1();
    CREATE TRIGGER text_rule BEFORE INSERT ON nodes FOR EACH STATEMENT EXECUTE FUNCTION check_text_rule_1();
    """

  /// The number of rows that one statement changes.
  static let slice = 5000

  /// Call within the transaction of a migration, which has locked the tables.
  func update() throws(PostgresError) {
    let nodes = PostgresNodes(connection: connection)
    for node in try nodes.list() { try nodes.end(node.hub, ifExpired: false) }
    try updateRooms()
    try updateAccounts()
    try updateSanctions()
    try connection.run("TRUNCATE search, days")
    try connection.execute(
      "UPDATE indexing SET indexed_through = 0, text_rule = $1", [.int(TextRule.version)])
  }

  // MARK: Rooms and accounts

  private func updateRooms() throws(PostgresError) {
    var rooms = NewKeys(maximumBytes: RoomName.maximumBytes)
    // A room may have rules before it has messages.
    let rows = try connection.execute(
      """
      SELECT room_key, room, last_id FROM conversations WHERE room_key IS NOT NULL AND NOT deleted
      UNION ALL SELECT r.room_key, r.room, 0 FROM room_rules r
        WHERE NOT EXISTS (SELECT FROM conversations c WHERE c.room_key = r.room_key AND NOT c.deleted)
      ORDER BY last_id DESC
      """)
    for row in rows.map({ $0 }) { rooms.add(row.text(0), name: row.text(1), folded: RoomName(row.text(1))?.folded) }
    let changes = rooms.changes
    for table in ["conversations", "room_rules"] { try write(changes, to: table, name: "room", key: "room_key") }
    try write(changes, to: "room_guests", name: nil, key: "room_key")
  }

  private func updateAccounts() throws(PostgresError) {
    var names = NewKeys(maximumBytes: Nickname.maximumBytes)
    let rows = try connection.execute("SELECT name_key, name FROM accounts ORDER BY created, member")
    for row in rows.map({ $0 }) { names.add(row.text(0), name: row.text(1), folded: Nickname(row.text(1))?.folded) }
    try write(names.changes, to: "accounts", name: "name", key: "name_key")
  }

  private func write(
    _ changes: [NewKeys.Change], to table: String, name nameColumn: String?, key keyColumn: String
  ) throws(PostgresError) {
    for part in Self.parts(changes) {
      try connection.execute(
        """
        UPDATE \(table) t SET \(keyColumn) = u.becomes FROM unnest($1::text[], $2::text[]) u (was, becomes)
        WHERE t.\(keyColumn) = u.was
        """, [.texts(part.map { $0.key }), .texts(part.indices.map { NewKeys.temporary($0) })])
    }
    let name = nameColumn.map { ", \($0) = u.shown" } ?? ""
    for part in Self.parts(changes) {
      try connection.execute(
        """
        UPDATE \(table) t SET \(keyColumn) = u.becomes\(name)
        FROM unnest($1::text[], $2::text[], $3::text[]) u (was, becomes, shown) WHERE t.\(keyColumn) = u.was
        """,
        [
          .texts(part.indices.map { NewKeys.temporary($0) }), .texts(part.map { $0.newKey }),
          .texts(part.map { $0.name }),
        ])
    }
  }

  private static func parts<Element>(_ all: [Element]) -> [ArraySlice<Element>] {
    stride(from: 0, to: all.count, by: slice).map { all[$0..<min($0 + slice, all.count)] }
  }

  // MARK: Sanctions

  /// If two sanctions become equal, the longer one stays.
  private func updateSanctions() throws(PostgresError) {
    var keys = NewSanctionKeys()
    let rows = try connection.execute(
      "SELECT kind, subject_key, subject FROM sanctions ORDER BY until DESC NULLS FIRST")
    for row in rows.map({ $0 }) { keys.add(kind: row.text(0), key: row.text(1), subject: row.text(2)) }
    for part in Self.parts(keys.removed) {
      try connection.execute(
        """
        DELETE FROM sanctions s USING unnest($1::text[], $2::text[]) u (kind, was)
        WHERE s.kind = u.kind AND s.subject_key = u.was
        """, [.texts(part.map { $0.kind }), .texts(part.map { $0.key })])
    }
    for part in Self.parts(keys.changed) {
      try rename(part, from: part.map { $0.key }, to: part.indices.map { NewKeys.temporary($0) })
    }
    for part in Self.parts(keys.changed) {
      try rename(part, from: part.indices.map { NewKeys.temporary($0) }, to: part.map { $0.newKey })
    }
  }

  private func rename(
    _ sanctions: ArraySlice<NewSanctionKeys.Row>, from keys: [String?], to newKeys: [String?]
  ) throws(PostgresError) {
    try connection.execute(
      """
      UPDATE sanctions s SET subject_key = u.becomes
      FROM unnest($1::text[], $2::text[], $3::text[]) u (kind, was, becomes)
      WHERE s.kind = u.kind AND s.subject_key = u.was
      """, [.texts(sanctions.map { $0.kind }), .texts(keys), .texts(newKeys)])
  }
}
