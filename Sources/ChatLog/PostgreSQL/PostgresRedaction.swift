import ChatProtocol
import ChatRecords

/// Removes the text of a message and its words, on one connection.
struct PostgresRedaction {
  let connection: PostgresConnection

  /// Call within a transaction.
  /// - Parameter isIntact: set when it is known that the text was there, also if the redaction fails.
  /// - Returns: the message as it was.
  func redact(
    _ conversation: Conversation, sequence: Int, author: MemberID?, noting note: RedactionNote?,
    isIntact: inout Bool
  ) throws(PostgresError) -> StoredMessage? {
    // The indexer must not add the words that it has read before.
    try connection.execute("SELECT pg_advisory_xact_lock_shared(\(PostgresSchema.Lock.maintenance.rawValue))")
    try connection.execute("SELECT FROM log FOR UPDATE")
    guard let row = try PostgresState(connection: connection).lock(conversation) else { return nil }
    // A topic remains when its message is pruned.
    let topic = row.topic.flatMap { $0.sequence == sequence ? $0 : nil }
    let kept = try connection.execute(
      "SELECT \(PostgresMessages.columns) FROM messages m WHERE m.conversation = $1 AND m.sequence = $2",
      [.int(row.id), .int(sequence)]
    ).first.map { found throws(PostgresError) in try PostgresMessages.message(found, in: row.conversation) }
    guard let message = kept ?? topic, author == nil || author == message.member else { return nil }
    isIntact = message.kind != .redacted
    if kept != nil, message.kind != .redacted {
      try connection.execute(
        "UPDATE messages SET kind = $2, text = ''::bytea WHERE id = $1",
        [.int(message.id), .int(MessageKind.redacted.rawValue)])
      try connection.execute("DELETE FROM search WHERE id = $1", [.int(message.id)])
    }
    if topic != nil {
      try connection.execute(
        """
        UPDATE conversations SET topic_id = NULL, topic_sequence = NULL, topic_author = NULL, topic_member = NULL,
          topic_text = NULL, topic_time = NULL WHERE id = $1
        """, [.int(row.id)])
    }
    if let act = note?.act(for: message) { try PostgresActs(connection: connection).add(EncodedActs([act])) }
    return message
  }
}
