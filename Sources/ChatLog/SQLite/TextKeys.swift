import ChatProtocol
import GRDB

/// Updates the stored comparison keys to the present `TextRule`: the keys of rooms, accounts and sanctions, and the
/// word index, which is emptied and filled again.
///
/// If two names become equal, the most recently used one keeps the name and the other gets a number. No data is lost,
/// and no room's messages are moved. Call within a transaction.
struct TextKeys {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Whether the database, possibly opened read-only, follows the present rule.
  var areCurrent: Bool { get throws { try rule == TextRule.version } }

  /// Whether the database, possibly opened read-only, follows the rule of a later version, which must not be changed.
  var areNewer: Bool {
    get throws {
      guard let rule = try rule else { return false }
      return rule > TextRule.version
    }
  }

  /// Nil in a database that is not migrated and has none.
  private var rule: Int? {
    get throws {
      guard try Schema.has("text_rule", in: "log", database) else { return nil }
      return try PreparedStatement("SELECT text_rule FROM log", in: database).first { $0.int(0) }
    }
  }

  func update() throws {
    guard let rule = try rule, rule < TextRule.version else { return }
    try updateRooms()
    try updateAccounts()
    try updateSanctions()
    try SearchIndex(database).reset()
    try database.execute(sql: "UPDATE log SET text_rule = ?", arguments: [TextRule.version])
  }

  // MARK: Rooms

  private func updateRooms() throws {
    var rooms = NewKeys(maximumBytes: RoomName.maximumBytes)
    // A room may have rules before it has messages.
    let rows = try PreparedStatement(
      """
      SELECT room_key, room, last_id FROM conversations
        WHERE room_key IS NOT NULL AND NOT \(ConversationTable.isDeleted)
      UNION ALL SELECT room_key, room, 0 FROM room_rules
        WHERE room_key NOT IN (SELECT room_key FROM conversations WHERE room_key IS NOT NULL)
      ORDER BY last_id DESC
      """, in: database)
    try rows.forEach { row in
      rooms.add(row.text(0), name: row.text(1), folded: RoomName(row.text(1))?.folded)
      return true
    }
    let changes = rooms.changes
    for table in ["conversations", "room_rules"] { try write(changes, to: table, name: "room", key: "room_key") }
    try write(changes, to: "room_guests", name: nil, key: "room_key")
  }

  // MARK: Accounts

  private func updateAccounts() throws {
    var names = NewKeys(maximumBytes: Nickname.maximumBytes)
    let rows = try PreparedStatement("SELECT name_key, name FROM accounts ORDER BY created, member", in: database)
    try rows.forEach { row in
      names.add(row.text(0), name: row.text(1), folded: Nickname(row.text(1))?.folded)
      return true
    }
    try write(names.changes, to: "accounts", name: "name", key: "name_key")
  }

  private func write(
    _ changes: [NewKeys.Change], to table: String, name nameColumn: String?, key keyColumn: String
  ) throws {
    for (number, change) in changes.enumerated() {
      try database.execute(
        sql: "UPDATE \(table) SET \(keyColumn) = ? WHERE \(keyColumn) = ?",
        arguments: [NewKeys.temporary(number), change.key])
    }
    for (number, change) in changes.enumerated() {
      let name = nameColumn.map { ", \($0) = ?" } ?? ""
      let arguments = [change.newKey, change.name].prefix(nameColumn == nil ? 1 : 2) + [NewKeys.temporary(number)]
      try database.execute(
        sql: "UPDATE \(table) SET \(keyColumn) = ?\(name) WHERE \(keyColumn) = ?",
        arguments: StatementArguments(Array(arguments)))
    }
  }

  // MARK: Sanctions

  /// If two sanctions become equal, the longer one stays.
  private func updateSanctions() throws {
    var keys = NewSanctionKeys()
    let rows = try PreparedStatement(
      "SELECT kind, subject_key, subject FROM sanctions ORDER BY until IS NULL DESC, until DESC", in: database)
    try rows.forEach { row in
      keys.add(kind: row.text(0), key: row.text(1), subject: row.text(2))
      return true
    }
    for row in keys.removed {
      try database.execute(
        sql: "DELETE FROM sanctions WHERE kind = ? AND subject_key = ?", arguments: [row.kind, row.key])
    }
    for row in keys.changed {
      try database.execute(
        sql: "UPDATE OR REPLACE sanctions SET subject_key = ? WHERE kind = ? AND subject_key = ?",
        arguments: [row.newKey, row.kind, row.key])
    }
  }
}
