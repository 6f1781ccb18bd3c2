import ChatProtocol
import ChatRecords

/// Rooms and members as the log knows them, on one connection.
struct PostgresState {
  let connection: PostgresConnection

  private static let columns = """
    c.id, c.room, c.first_member, c.second_member, c.head, c.last_id, c.first_name, c.second_name, c.topic_id, \
    c.topic_sequence, c.topic_author, c.topic_member, c.topic_text, c.topic_time, c.epoch
    """
  private static let columnCount = 15
  /// Maximum number of marks read per member.
  private static let maximumMarks = 10_000

  func lastID() throws(PostgresError) -> Int { try connection.execute("SELECT last_id FROM log").first?.int(0) ?? 0 }

  /// The time of the newest message.
  func lastTime() throws(PostgresError) -> Timestamp? {
    try connection.execute("SELECT time FROM messages ORDER BY id DESC LIMIT 1").first.map {
      Timestamp(milliseconds: $0.int64(0))
    }
  }

  /// The row of a conversation that a message was stored in, locked for a change.
  func lock(_ conversation: Conversation) throws(PostgresError) -> ConversationRow? {
    let keys = PostgresConversationKeys([conversation])
    let rows = try connection.execute(
      """
      SELECT \(Self.columns) FROM conversations c WHERE c.head > 0 AND (
        (c.room_key = ANY ($1) AND NOT c.deleted) OR (c.first_member = ANY ($2) AND c.second_member = ANY ($3)))
      FOR UPDATE
      """, keys.parameters)
    return try rows.first.map { row throws(PostgresError) in try Self.row(row) }
  }

  func rooms() throws(PostgresError) -> [RoomState] {
    try connection.readPatiently { () throws(PostgresError) in try roomsInTransaction() }
  }

  /// Call within a transaction of `readPatiently`.
  func roomsInTransaction() throws(PostgresError) -> [RoomState] {
    let rows = try connection.execute(
      """
      SELECT \(Self.columns), EXISTS (SELECT FROM messages m WHERE m.conversation = c.id) FROM conversations c
      WHERE c.room_key IS NOT NULL AND NOT c.deleted AND c.head > 0 ORDER BY c.room_key
      """)
    let heads = try heads(of: rows)
    return try rows.map { row throws(PostgresError) -> RoomState? in
      var conversation = try Self.row(row)
      conversation.heads = heads[conversation.id] ?? EpochHeads()
      guard var state = conversation.roomState else { return nil }
      state.hasMessages = state.topic != nil || row.bool(Self.columnCount)
      return state
    }.compactMap { $0 }
  }

  func state(of member: MemberID) throws(PostgresError) -> MemberState {
    try connection.transaction(Self.snapshot) { () throws(PostgresError) in
      let rows = try connection.execute(
        """
        SELECT \(Self.columns) FROM (
          SELECT * FROM conversations WHERE first_member = $1 AND head > 0
          UNION ALL SELECT * FROM conversations WHERE second_member = $1 AND first_member <> $1 AND head > 0
        ) c ORDER BY c.last_id DESC LIMIT $2
        """, [.int8(member.number), .int(MemberState.maximumCorrespondents)])
      let heads = try heads(of: rows)
      let correspondents = try rows.map { row throws(PostgresError) -> MemberState.Correspondent? in
        var conversation = try Self.row(row)
        conversation.heads = heads[conversation.id] ?? EpochHeads()
        return conversation.correspondent(of: member)
      }.compactMap { $0 }
      return MemberState(correspondents: correspondents, marks: try marks(of: member))
    }
  }

  /// Begins a transaction that reads. Nobody waits for it, so it may stand still for longer than a change: on a slow
  /// machine, it takes seconds to make values of many rows between two statements.
  static let snapshot = """
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = '60s'
    """

  private func marks(of member: MemberID) throws(PostgresError) -> [Conversation: Int] {
    let rows = try connection.execute(
      """
      SELECT c.room, c.first_member, c.second_member, m.sequence FROM marks m
      JOIN conversations c ON c.id = m.conversation
      WHERE m.member = $1 AND NOT c.deleted ORDER BY m.updated DESC LIMIT $2
      """, [.int8(member.number), .int(Self.maximumMarks)])
    var marks: [Conversation: Int] = [:]
    for row in rows.map({ $0 }) {
      guard let conversation = Conversation(row, 0) else { continue }
      marks[conversation] = row.int(3)
    }
    return marks
  }

  /// The heads of earlier epochs, by the id in the first column of the rows.
  private func heads(of rows: PostgresRows) throws(PostgresError) -> [Int: EpochHeads] {
    guard rows.count > 0 else { return [:] }
    let found = try connection.execute(
      "SELECT conversation, epoch, head FROM epoch_heads WHERE conversation = ANY ($1) ORDER BY conversation, epoch",
      [.ints(rows.map { $0.int(0) })])
    var beginnings: [Int: [EpochHeads.Beginning]] = [:]
    for row in found.map({ $0 }) {
      beginnings[row.int(0), default: []].append(EpochHeads.Beginning(epoch: row.int(1), head: row.int(2)))
    }
    return beginnings.mapValues { EpochHeads($0) }
  }

  // MARK: Rows

  private static func row(_ columns: PostgresRows.Row) throws(PostgresError) -> ConversationRow {
    do { return try ConversationRow(columns) } catch { throw PostgresError(error) }
  }
}

extension PostgresConnection {
  /// The time for each statement of `readPatiently`.
  static let readingPatience = Duration.seconds(60)

  /// Runs the body in a transaction that reads for a program, not for people who wait: at the start of a server, or for
  /// an export. On a slow disk or line, a statement takes longer than the usual limit, at each attempt.
  /// - Parameter settings: further statements at the beginning.
  func readPatiently<Value>(
    _ settings: String = "", _ body: () throws(PostgresError) -> Value
  ) throws(PostgresError) -> Value {
    let patience = answerPatience
    answerPatience = Self.readingPatience + .milliseconds(1500)
    defer { answerPatience = patience }
    let limit = "SET LOCAL statement_timeout = '\(Self.readingPatience.components.seconds)s'"
    return try transaction("\(PostgresState.snapshot); \(limit); \(settings)", body)
  }
}
