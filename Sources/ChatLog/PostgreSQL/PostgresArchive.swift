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
  /// The planner expects every conversation to be of average length. Without this it may read what is left of a long
  /// room, and sort it, for each slice.
  private static let plan = "SET LOCAL enable_sort = off"

  public func export(_ selection: LogArchive.Selection, _ body: (StoredMessage) throws -> Bool) throws {
    var last = 0
    while true {
      let messages = try read { connection throws(PostgresError) in
        try connection.readPatiently(Self.plan) { () throws(PostgresError) in
          try Self.messages(after: last, selection.room, connection)
        }
      }
      guard let end = messages.last else { return }
      for message in messages where selection.allows(message) {
        guard try body(message) else { return }
      }
      last = selection.room == nil ? end.id : end.sequence
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

  private static let allQuery = """
    SELECT \(PostgresMessages.columns), c.room, c.first_member, c.second_member
    FROM messages m JOIN conversations c ON c.id = m.conversation
    WHERE m.id > $1 AND NOT c.deleted ORDER BY m.id LIMIT \(slice)
    """

  /// Without a join, and for one conversation, the index has the rows in their order.
  static let roomQuery = """
    SELECT \(PostgresMessages.columns), (SELECT room FROM conversations WHERE room_key = $2 AND NOT deleted),
      NULL::bigint, NULL::bigint
    FROM messages m WHERE m.conversation = (SELECT id FROM conversations WHERE room_key = $2 AND NOT deleted)
      AND m.sequence > $1 ORDER BY m.sequence LIMIT \(slice)
    """

  /// The next messages of the room, or of all conversations.
  /// - Parameter last: a sequence of the room, or an id.
  private static func messages(
    after last: Int, _ room: RoomName?, _ connection: PostgresConnection
  ) throws(PostgresError) -> [StoredMessage] {
    let rows =
      if let room {
        try connection.execute(roomQuery, [.int(last), .text(room.folded)])
      } else {
        try connection.execute(allQuery, [.int(last)])
      }
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
