import ChatProtocol
import ChatRecords

/// The rows of conversations that the writer has used, so that it need not look them up for each group.
struct PostgresConversations: Sendable {
  struct Row: Sendable {
    let id: Int
    /// Whether a message was stored in the conversation in this epoch.
    var isBegun = false
  }

  private var rows: [Conversation: Row] = [:]

  /// Maximum number of rows; beyond it they are forgotten and looked up on demand.
  private static let capacity = 10_000

  subscript(conversation: Conversation) -> Row? { rows[conversation] }

  mutating func forget() { rows = [:] }

  /// A message was stored in the conversations.
  mutating func begin(_ conversations: some Sequence<Conversation>) {
    for conversation in conversations { rows[conversation]?.isBegun = true }
  }

  /// Looks up the rows of the conversations. A row without a message is no conversation yet.
  /// - Parameter creates: whether to create missing rows, for messages that are stored next.
  mutating func find(
    _ conversations: some Sequence<Conversation>, creates: Bool, on connection: PostgresConnection
  ) throws(PostgresError) {
    var missing = Set(conversations.filter { rows[$0] == nil })
    guard !missing.isEmpty else { return }
    if rows.count + missing.count > Self.capacity {
      rows = [:]
      missing = Set(conversations)
    }
    try lookUp(missing, begins: creates, on: connection)
    missing = missing.filter { rows[$0] == nil }
    guard creates, !missing.isEmpty else { return }
    try create(missing, on: connection)
    try lookUp(missing, begins: creates, on: connection)
  }

  private mutating func lookUp(
    _ sought: Set<Conversation>, begins: Bool, on connection: PostgresConnection
  ) throws(PostgresError) {
    let keys = PostgresConversationKeys(sought)
    for row in try connection.execute(Self.select, keys.parameters).map({ $0 }) {
      guard let conversation = keys.conversation(room: row.optionalText(1), row.int64(2), row.int64(3)) else {
        continue
      }
      let id = row.int(0)
      if row.int(4) == 0 {
        guard begins else { continue }
        try spell(conversation, id, as: row.optionalText(5), on: connection)
      }
      rows[conversation] = Row(id: id)
    }
  }

  private static let select = """
    SELECT id, room_key, first_member, second_member, head, room FROM conversations
      WHERE room_key = ANY ($1) AND room_key IS NOT NULL AND NOT deleted
    UNION ALL SELECT c.id, NULL, c.first_member, c.second_member, c.head, NULL
      FROM unnest($2::bigint[], $3::bigint[]) u (one, other)
      JOIN conversations c ON c.first_member = u.one AND c.second_member = u.other
    """

  /// A room has the spelling of its first message. A row without one may have that of a message that was refused.
  private func spell(
    _ conversation: Conversation, _ id: Int, as present: String?, on connection: PostgresConnection
  ) throws(PostgresError) {
    guard case .room(let room) = conversation, room.text != present else { return }
    try connection.execute(
      "UPDATE conversations SET room = $2 WHERE id = $1 AND head = 0", [.int(id), .text(room.text)])
  }

  private func create(_ missing: Set<Conversation>, on connection: PostgresConnection) throws(PostgresError) {
    let keys = PostgresConversationKeys(missing)
    try connection.execute(
      """
      INSERT INTO conversations (room_key, room, first_member, second_member)
      SELECT u.key, u.name, NULL, NULL FROM unnest($1::text[], $4::text[]) u (key, name)
      UNION ALL SELECT NULL, NULL, u.one, u.other FROM unnest($2::bigint[], $3::bigint[]) u (one, other)
      ON CONFLICT DO NOTHING
      """, keys.parameters + [.texts(keys.rooms.map(\.text))])
  }
}

/// Conversations as parameters of a statement: `$1` the keys of rooms, `$2` and `$3` the members of pairs.
struct PostgresConversationKeys {
  private(set) var rooms: [RoomName] = []
  private var pairs: [Conversation.Pair] = []
  private var byKey: [String: RoomName] = [:]

  /// - Parameter conversations: distinct.
  init(_ conversations: some Sequence<Conversation>) {
    for conversation in conversations {
      switch conversation {
      case .room(let room):
        rooms.append(room)
        byKey[room.folded] = room
      case .pair(let pair): pairs.append(pair)
      }
    }
  }

  var parameters: [PostgresParameter] {
    [
      .texts(rooms.map(\.folded)), .int8s(pairs.map(\.first.number)), .int8s(pairs.map(\.second.number)),
    ]
  }

  /// The conversation of a row.
  func conversation(room: String?, _ first: Int64, _ second: Int64) -> Conversation? {
    guard let room else { return .pair(Conversation.Pair(MemberID(first), MemberID(second))) }
    return byKey[room].map(Conversation.room)
  }
}
