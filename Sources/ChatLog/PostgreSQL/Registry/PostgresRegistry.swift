import ChatProtocol
import ChatRecords

/// Accounts, sanctions, invitations, room rules and acts, on one connection. They mean the same as in the log on a
/// disk; see `RegistryTables`.
struct PostgresRegistry {
  let connection: PostgresConnection

  /// Call within a transaction that holds the log's row. No content of a change makes it fail.
  func record(_ changes: EncodedChanges) throws(PostgresError) {
    var hasOperator = false
    for change in changes.all {
      switch change {
      case .account(let account):
        try PostgresAccounts(connection: connection).put(account)
        if account.isOperator { hasOperator = true }
      case .sanction(let sanction): try PostgresSanctions(connection: connection).put(sanction)
      case .pardon(let kind, let subject): try PostgresSanctions(connection: connection).remove(kind, subject)
      case .invitation(let invitation): try PostgresInvitations(connection: connection).put(invitation)
      case .room(let rules): try PostgresRoomRules(connection: connection).put(rules)
      case .deletion(let room):
        try PostgresRoomRules(connection: connection).put(RoomRules(room: room))
        try markDeleted(room)
      case .act: break
      }
    }
    try PostgresActs(connection: connection).add(changes.acts)
    try connection.execute(
      "UPDATE log SET registry = registry + 1, had_operator = had_operator OR $1", [.boolean(hasOperator)])
  }

  func state() throws(PostgresError) -> RegistryState {
    try connection.readPatiently { () throws(PostgresError) in try stateInTransaction() }
  }

  /// Call within a transaction of `readPatiently`.
  func stateInTransaction() throws(PostgresError) -> RegistryState {
    RegistryState(
      accounts: try PostgresAccounts(connection: connection).all(),
      sanctions: try PostgresSanctions(connection: connection).all(),
      invitations: try PostgresInvitations(connection: connection).all(),
      rooms: try PostgresRoomRules(connection: connection).all(),
      hadOperator: try connection.execute("SELECT had_operator FROM log").first?.bool(0) ?? false)
  }

  /// Marks the room's messages as deleted and creates a new row that continues the room's sequence.
  private func markDeleted(_ room: RoomName) throws(PostgresError) {
    let marked = try connection.execute(
      """
      UPDATE conversations SET deleted = true, topic_id = NULL, topic_sequence = NULL, topic_author = NULL,
        topic_member = NULL, topic_text = NULL, topic_time = NULL
      WHERE room_key = $1 AND room_key IS NOT NULL AND NOT deleted RETURNING id
      """, [.text(room.folded)])
    // Deleted rows have no index by name.
    guard let id = marked.first?.int(0) else { return }
    try connection.execute(
      """
      INSERT INTO conversations (room, room_key, head) SELECT $2, $1, head FROM conversations WHERE id = $3
      ON CONFLICT DO NOTHING
      """, [.text(room.folded), .text(room.text), .int(id)])
  }
}
