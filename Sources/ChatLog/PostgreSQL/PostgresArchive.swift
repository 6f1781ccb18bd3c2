import ChatProtocol
import ChatRecords

/// Read-only access to a log in a database, while a server writes it or afterwards.
public final class PostgresArchive: LogExporting {
  private let readers: PostgresReaders

  /// - Throws: `LogError`, also if there is no log or if a later version wrote it.
  public init(_ url: PostgresURL) throws(LogError) {
    readers = PostgresReaders(url)
    let state = try readers.read("cannot open") { connection throws(PostgresError) in
      try PostgresSchema.look(at: connection)
    }
    try PostgresSchema.check(state, url)
    guard state != .absent else { throw LogError(.other, "there is no log in \(url)") }
  }

  public func holds(_ room: RoomName) throws(LogError) -> Bool {
    try read { connection throws(PostgresError) in
      try connection.execute(
        "SELECT FROM conversations WHERE room_key = $1 AND NOT deleted AND head > 0", [.text(room.folded)]
      ).count > 0
    }
  }

  private static let slice = 1000

  public func export(_ selection: LogArchive.Selection, _ body: (StoredMessage) throws -> Bool) throws {
    var last = 0
    while true {
      let messages = try read { connection throws(PostgresError) in
        try Self.messages(after: last, selection.room, connection)
      }
      guard let next = messages.last?.id else { return }
      for message in messages where selection.allows(message) {
        guard try body(message) else { return }
      }
      last = next
    }
  }

  public func exportActs(since: Timestamp?, _ body: (Act) throws -> Bool) throws {
    var next: Int? = 0
    while let last = next {
      let slice = try read { connection throws(PostgresError) in
        try PostgresActs(connection: connection).after(last, limit: Self.slice)
      }
      for act in slice.acts where act.time >= since ?? act.time {
        guard try body(act) else { return }
      }
      next = slice.last
    }
  }

  /// The next messages of the room, or of all conversations.
  private static func messages(
    after id: Int, _ room: RoomName?, _ connection: PostgresConnection
  ) throws(PostgresError) -> [StoredMessage] {
    // Of one room, sequences are in the order of ids, and have an index.
    let condition =
      room == nil
      ? "m.id > $1 AND NOT c.deleted ORDER BY m.id"
      : """
      c.room_key = $3 AND NOT c.deleted AND m.sequence > coalesce(
        (SELECT sequence FROM messages WHERE id = $1), 0) ORDER BY m.sequence
      """
    let rows = try connection.execute(
      """
      SELECT \(PostgresMessages.columns), c.room, c.first_member, c.second_member
      FROM messages m JOIN conversations c ON c.id = m.conversation WHERE \(condition) LIMIT $2
      """, [.int(id), .int(slice)] + (room.map { [.text($0.folded)] } ?? []))
    return try rows.map { row throws(PostgresError) -> StoredMessage in
      let column = PostgresMessages.columnCount
      guard let conversation = Conversation(row, column) else {
        throw PostgresError(.lostConversation(row.int(1)))
      }
      return try PostgresMessages.message(row, in: conversation)
    }
  }

  private func read<Value>(
    _ body: (PostgresConnection) throws(PostgresError) -> Value
  ) throws(LogError) -> Value { try readers.read("cannot read", body) }
}
