import ChatProtocol
import ChatRecords

/// Stores one group of messages.
struct PostgresAppending {
  let messages: [NewMessage]
  /// For each message the value of `cid`.
  var keys: [[UInt8]]
  /// Index of the present epoch.
  let epoch: Int
  /// Nil for the database's clock.
  let time: Timestamp?
  /// The node that stores the group; nil without one.
  let hub: HubID?

  /// Identifies a message across attempts.
  private struct SentKey: Hashable {
    let member: MemberID
    let key: [UInt8]
  }

  /// Stores the group if all of its messages are new.
  /// - Returns: nil if some are not, and nothing was stored.
  func store(
    _ connection: PostgresConnection, _ rows: inout PostgresConversations
  ) throws(PostgresError) -> [StoreOutcome]? {
    guard Set(sentKeys).count == messages.count else { return nil }
    do throws(PostgresError) {
      return try submit(messages, keys, connection, &rows).map(StoreOutcome.stored)
    } catch {
      guard error.state == PostgresError.State.uniqueViolation, error.constraint == "messages_key" else { throw error }
      return nil
    }
  }

  /// Stores those messages of the group that are new.
  /// - Parameters:
  ///   - confirmed: messages with a greater id are of this group: they were stored by an attempt whose answer was lost.
  ///     Nil if there was none.
  ///   - isNew: set when it is known that no earlier attempt was stored, also if this one fails.
  func storeCarefully(
    _ connection: PostgresConnection, _ rows: inout PostgresConversations, after confirmed: Int?, isNew: inout Bool
  ) throws(PostgresError) -> [StoreOutcome] {
    // Rows of a failed attempt must not be used again.
    rows.forget()
    var known = rows
    let outcomes = try connection.transaction { () throws(PostgresError) in
      try connection.execute("SELECT FROM log FOR UPDATE")
      // Not before: another server may be storing the first message of a conversation.
      try known.find(messages.map(\.conversation), creates: false, on: connection)
      var earlier = try earlierMessages(connection, known)
      // A message that was stored by an attempt whose answer was lost keeps its key.
      if earlier.values.contains(where: { $0 == nil }), try releaseKeys(through: confirmed ?? .max, connection) {
        earlier = try earlierMessages(connection, known)
      }
      // A message of another conversation may be of any attempt.
      isNew = earlier.values.allSatisfy { message in
        guard let message, let confirmed else { return false }
        return message.id <= confirmed
      }
      var firsts: [SentKey: Int] = [:]
      for (index, key) in sentKeys.enumerated() where earlier[index] == nil && firsts[key] == nil {
        firsts[key] = index
      }
      let new = firsts.values.sorted()
      let stored = new.isEmpty ? [] : try submit(new.map { messages[$0] }, new.map { keys[$0] }, connection, &known)
      let places = Dictionary(uniqueKeysWithValues: zip(new, stored))
      var answered: Set<Int> = []
      return sentKeys.enumerated().map { index, key in
        if let message = places[index] { return StoreOutcome.stored(message) }
        if let first = firsts[key], let message = places[first] { return outcome(of: index, earlier: message) }
        guard let message = earlier[index] ?? nil else { return .conflict }
        // The first message with the key is the one that was stored by the lost attempt.
        let wasLost = confirmed.map { message.id > $0 } ?? false
        return wasLost && answered.insert(message.id).inserted ? .stored(message) : outcome(of: index, earlier: message)
      }
    }
    rows = known
    return outcomes
  }

  private var sentKeys: [SentKey] { zip(messages, keys).map { SentKey(member: $0.member, key: $1) } }

  private func outcome(of index: Int, earlier: StoredMessage) -> StoreOutcome {
    earlier.isSame(as: messages[index]) ? .duplicate(earlier) : .conflict
  }

  private func submit(
    _ messages: [NewMessage], _ keys: [[UInt8]], _ connection: PostgresConnection, _ rows: inout PostgresConversations
  ) throws(PostgresError) -> [StoredMessage] {
    try rows.find(messages.lazy.map(\.conversation), creates: true, on: connection)
    guard let submission = PostgresSubmission(messages, keys: keys, rows: rows) else {
      throw PostgresError(message: "a conversation could not be created")
    }
    let stored = try submission.run(on: connection, epoch: epoch, time: time, hub: hub)
    rows.begin(Set(messages.lazy.map(\.conversation)))
    return stored
  }

  /// The earlier messages with keys of this group, by the place in the group. The inner value is nil if the message
  /// belongs to another conversation than the new one.
  private func earlierMessages(
    _ connection: PostgresConnection, _ rows: PostgresConversations
  ) throws(PostgresError) -> [Int: StoredMessage?] {
    var cids = PostgresArray(.bytes)
    for key in keys { cids.append(key) }
    let found = try connection.execute(
      """
      SELECT \(PostgresMessages.columns), u.place FROM unnest($1::bigint[], $2::bytea[])
        WITH ORDINALITY u (member, cid, place) JOIN messages m ON m.member = u.member AND m.cid = u.cid
      """, [.int8s(messages.map(\.member.number)), cids.parameter])
    var earlier: [Int: StoredMessage?] = [:]
    for row in found.map({ $0 }) {
      let index = row.int(PostgresMessages.columnCount) - 1
      guard messages.indices.contains(index) else { continue }
      let conversation = messages[index].conversation
      let isHere = rows[conversation]?.id == row.int(1)
      earlier[index] = .some(isHere ? try PostgresMessages.message(row, in: conversation) : nil)
    }
    return earlier
  }

  /// Removes keys of this group from messages of deleted rooms, which remain until they are pruned. Call within a
  /// transaction that holds the log's row.
  /// - Parameter last: the greatest id of a message that may lose its key.
  /// - Returns: whether a key is free now.
  private func releaseKeys(through last: Int, _ connection: PostgresConnection) throws(PostgresError) -> Bool {
    var cids = PostgresArray(.bytes)
    for key in keys { cids.append(key) }
    let released = try connection.execute(
      """
      UPDATE messages m SET cid = \(MessageKeys.importedInSQL)
      FROM unnest($1::bigint[], $2::bytea[]) u (member, cid), conversations c
      WHERE m.member = u.member AND m.cid = u.cid AND m.id <= $3 AND c.id = m.conversation AND c.deleted
      """, [.int8s(messages.map(\.member.number)), cids.parameter, .int(last)])
    return released.changed > 0
  }
}
