import ChatProtocol
import ChatRecords
import GRDB

/// Everything of a log on a disk except its messages, read in one transaction.
struct ImportedTables {
  private(set) var conversations: [[Value]] = []
  private var epochs: [[Value]] = []
  private var heads: [[Value]] = []
  private var marks: [[Value]] = []
  private var registry = EncodedChanges([])
  private var hadOperator = false
  private var secret: [UInt8] = []
  private var lastID = 0
  private var changes = 0

  /// A column of a row.
  enum Value {
    case number(Int64?)
    case text(String?)
  }

  private init(secret: [UInt8]) { self.secret = secret }

  init(_ log: LogConnections) throws(LogError) {
    var tables = ImportedTables(secret: log.secret)
    try log.read { database in
      tables.conversations = try Self.rows(
        """
        SELECT id, first_member, second_member, head, last_id, topic_id, topic_sequence, topic_member, topic_time, epoch,
          \(ConversationTable.isDeleted), room, room_key, first_name, second_name, topic_author, topic_text
        FROM conversations
        """, numbers: 11, texts: 6, database)
      tables.epochs = try Self.rows("SELECT number, epoch FROM epochs", numbers: 1, texts: 1, database)
      tables.heads = try Self.rows("SELECT conversation, epoch, head FROM epoch_heads", numbers: 3, texts: 0, database)
      tables.marks = try Self.rows(
        "SELECT member, conversation, sequence, updated FROM marks", numbers: 4, texts: 0, database)
      let registry = try RegistryTables(database).state()
      var acts: [Act] = []
      var next: Int? = 0
      while let last = next {
        let slice = try ActTable(database).after(last, limit: 5000)
        acts += slice.acts
        next = slice.last
      }
      tables.registry = EncodedChanges(
        registry.accounts.map { .account($0) } + registry.sanctions.map { .sanction($0) }
          + registry.invitations.map { .invitation($0) } + registry.rooms.map { .room($0) } + acts.map { .act($0) })
      tables.hadOperator = registry.hadOperator
      tables.lastID = try ConversationTable(database).lastID()
      tables.changes = try RegistryTables(database).changes()
    }
    self = tables
  }

  private static func rows(_ sql: String, numbers: Int, texts: Int, _ database: Database) throws -> [[Value]] {
    var rows: [[Value]] = []
    try PreparedStatement(sql, in: database).forEach { row in
      rows.append(
        (0..<numbers).map { .number(row.optionalInt64($0)) }
          + (numbers..<(numbers + texts)).map { .text(row.optionalText($0)) })
      return true
    }
    return rows
  }

  // MARK: Writing

  /// Call within a transaction.
  func write(to connection: PostgresConnection) throws(PostgresError) {
    try connection.execute("SELECT FROM log FOR UPDATE")
    // A topic's text may contain any character.
    try Self.insert(
      """
      INSERT INTO conversations (id, first_member, second_member, head, last_id, topic_id, topic_sequence, topic_member,
        topic_time, epoch, deleted, room, room_key, first_name, second_name, topic_author, topic_text)
      OVERRIDING SYSTEM VALUE
      SELECT a, b, c, d, e, f, g, h, i, j, k <> 0, convert_from(l, 'UTF8'), convert_from(m, 'UTF8'),
        convert_from(n, 'UTF8'), convert_from(o, 'UTF8'), convert_from(p, 'UTF8'), q
      FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        u (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)
      """, conversations, connection)
    try connection.execute(
      """
      SELECT setval(pg_get_serial_sequence('conversations', 'id'), coalesce((SELECT max(id) FROM conversations), 1))
      """)
    try Self.insert(
      "INSERT INTO epochs (number, epoch, origin) SELECT a, convert_from(b, 'UTF8'), '' FROM unnest($1, $2) u (a, b)",
      epochs, connection)
    try Self.insert(
      "INSERT INTO epoch_heads (conversation, epoch, head) SELECT * FROM unnest($1, $2, $3)", heads, connection)
    try Self.insert(
      "INSERT INTO marks (member, conversation, sequence, updated) SELECT * FROM unnest($1, $2, $3, $4)", marks,
      connection)
    try PostgresRegistry(connection: connection).record(registry)
    try connection.execute(
      "UPDATE log SET secret = $1, last_id = $2, registry = $3, had_operator = $4",
      [.bytes(secret), .int(lastID), .int(changes), .boolean(hadOperator)])
  }

  private static let slice = 5000

  /// - Parameter sql: takes each column as an array.
  private static func insert(
    _ sql: String, _ rows: [[Value]], _ connection: PostgresConnection
  ) throws(PostgresError) {
    for start in stride(from: 0, to: rows.count, by: slice) {
      let rows = rows[start..<min(start + slice, rows.count)]
      var columns: [PostgresArray] =
        rows.first?.map { value in
          if case .number = value { PostgresArray(.int8) } else { PostgresArray(.bytes) }
        } ?? []
      for row in rows {
        for (column, value) in row.enumerated() {
          switch value {
          case .number(let number?): columns[column].append(number)
          case .number(nil): columns[column].append(String?.none)
          case .text(let text): columns[column].append(text)
          }
        }
      }
      try connection.execute(sql, columns.map(\.parameter))
    }
  }
}
