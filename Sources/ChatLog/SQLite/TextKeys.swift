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
  var areCurrent: Bool {
    get throws {
      let columns = try PreparedStatement(
        "SELECT count(*) FROM pragma_table_info('log') WHERE name = 'text_rule'", in: database
      ).first { $0.int(0) }
      guard columns == 1 else { return false }
      return try version == TextRule.version
    }
  }

  private var version: Int? {
    get throws { try PreparedStatement("SELECT text_rule FROM log", in: database).first { $0.int(0) } }
  }

  func update() throws {
    guard let version = try version, version != TextRule.version else { return }
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
    for table in ["conversations", "room_rules"] {
      try rooms.write(to: table, name: "room", key: "room_key", in: database)
    }
    try rooms.write(to: "room_guests", name: nil, key: "room_key", in: database)
  }

  // MARK: Accounts

  private func updateAccounts() throws {
    var names = NewKeys(maximumBytes: Nickname.maximumBytes)
    let rows = try PreparedStatement("SELECT name_key, name FROM accounts ORDER BY created, member", in: database)
    try rows.forEach { row in
      names.add(row.text(0), name: row.text(1), folded: Nickname(row.text(1))?.folded)
      return true
    }
    try names.write(to: "accounts", name: "name", key: "name_key", in: database)
  }

  // MARK: Sanctions

  /// If two sanctions become equal, the longer one stays.
  private func updateSanctions() throws {
    struct SanctionRow {
      var kind: String
      var key: String
      var newKey: String
    }
    var rows: [SanctionRow] = []
    let all = try PreparedStatement(
      "SELECT kind, subject_key, subject FROM sanctions ORDER BY until IS NULL DESC, until DESC", in: database)
    try all.forEach { row in
      guard let subject = Subject(row.text(2)) else { return true }
      rows.append(SanctionRow(kind: row.text(0), key: row.text(1), newKey: subject.key))
      return true
    }
    var taken: Set<[String]> = []
    for row in rows {
      let isKept = taken.insert([row.kind, row.newKey]).inserted
      guard !isKept || row.key != row.newKey else { continue }
      if isKept {
        try database.execute(
          sql: "UPDATE OR REPLACE sanctions SET subject_key = ? WHERE kind = ? AND subject_key = ?",
          arguments: [row.newKey, row.kind, row.key])
      } else {
        try database.execute(
          sql: "DELETE FROM sanctions WHERE kind = ? AND subject_key = ? AND subject_key <> ?",
          arguments: [row.kind, row.key, row.newKey])
      }
    }
  }
}

/// New keys for a set of names, each unique.
private struct NewKeys {
  private let maximumBytes: Int
  private var entries: [Entry] = []

  private struct Entry {
    var key: String
    var name: String
    /// Nil for an unreadable name: damage, which is left unchanged.
    var folded: String?
  }

  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  /// The first of several names with the same folded form keeps it.
  mutating func add(_ key: String, name: String, folded: String?) {
    entries.append(Entry(key: key, name: name, folded: folded))
  }

  func write(to table: String, name nameColumn: String?, key keyColumn: String, in database: Database) throws {
    let changed = changes()
    // Updates through temporary keys that no name has, so that no key occurs twice meanwhile.
    for (number, change) in changed.enumerated() {
      try database.execute(
        sql: "UPDATE \(table) SET \(keyColumn) = ? WHERE \(keyColumn) = ?",
        arguments: [Self.intermediate(number), change.key])
    }
    for (number, change) in changed.enumerated() {
      let name = nameColumn.map { ", \($0) = ?" } ?? ""
      let arguments = [change.folded, change.name].prefix(nameColumn == nil ? 1 : 2) + [Self.intermediate(number)]
      try database.execute(
        sql: "UPDATE \(table) SET \(keyColumn) = ?\(name) WHERE \(keyColumn) = ?",
        arguments: StatementArguments(Array(arguments)))
    }
  }

  private static func intermediate(_ number: Int) -> String { " \(number)" }

  private func changes() -> [(key: String, name: String, folded: String)] {
    var taken = Set(entries.map { Array(($0.folded ?? $0.key).utf8) })
    var seen: Set<[UInt8]> = []
    var changes: [(key: String, name: String, folded: String)] = []
    for entry in entries {
      guard var folded = entry.folded else { continue }
      var name = entry.name
      if !seen.insert(Array(folded.utf8)).inserted {
        name = Self.numbered(entry.name, maximumBytes) { taken.insert(Array($0.folded().utf8)).inserted }
        folded = name.folded()
      }
      if Array(folded.utf8) != Array(entry.key.utf8) || name != entry.name {
        changes.append((entry.key, name, folded))
      }
    }
    return changes
  }

  /// The name with the first free number appended.
  private static func numbered(_ name: String, _ maximumBytes: Int, isFree: (String) -> Bool) -> String {
    var number = 2
    while true {
      let suffix = "-\(number)"
      var stem = name.unicodeScalars
      while stem.reduce(0, { $0 + UTF8.width($1) }) + suffix.utf8.count > maximumBytes, !stem.isEmpty {
        stem.removeLast()
      }
      let candidate = String(stem) + suffix
      if isFree(candidate) { return candidate }
      number += 1
    }
  }
}
