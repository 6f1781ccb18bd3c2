import ChatProtocol
import ChatRecords

/// The feed, on one connection: the tables `messages` and `changes` in the order of their ids.
struct PostgresFeed {
  let connection: PostgresConnection

  /// Changes are kept this long, in milliseconds: a node that reads more slowly is dead.
  private static let lifetime = 3_600_000
  /// The number of changes whose stakes are read at once.
  static let stakesSlice = 100

  // MARK: Appending

  /// Appends entries as one item. Call within a transaction that holds the log's row.
  @discardableResult
  func append(_ entries: [SharedEntry], by hub: HubID) throws(PostgresError) -> Int {
    try append(entries.map(\.entry), encoded: FeedCoding.encode(entries), by: hub)
  }

  /// - Parameter body: the entries as an array of `SharedEntry`.
  @discardableResult
  func append(_ entries: [FeedEntry], encoded body: [UInt8], by hub: HubID) throws(PostgresError) -> Int {
    let row = try connection.execute("UPDATE log SET last_id = last_id + 1 RETURNING last_id").first
    guard let place = row?.int(0) else { throw PostgresError(message: "the log has lost its row") }
    try connection.execute(
      """
      INSERT INTO changes (id, node, time, body)
      VALUES ($1, $2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, $3)
      """, [.int(place), .int8(hub.number), .bytes(body)])
    try PostgresPresence(connection: connection).apply(entries)
    try connection.execute("SELECT pg_notify('\(PostgresSchema.channel)', $1)", [.text(String(place))])
    return place
  }

  /// Removes old changes, at most `limit`. Call within a transaction.
  func prune(limit: Int) throws(PostgresError) -> Int {
    try connection.execute(Self.pruning, [.int(Self.lifetime), .int(limit)]).changed
  }

  /// Times have no index. The statement looks for old changes among the first ones only; otherwise it would read the
  /// whole table, however small the limit. It reads more than it removes, because after a step of the clock, the first
  /// ones may not be the oldest.
  static let pruning = """
    DELETE FROM changes WHERE id = ANY (ARRAY(
      SELECT id FROM (SELECT id, time FROM changes ORDER BY id LIMIT $2 * 10) c
      WHERE time < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $1 ORDER BY id LIMIT $2))
    """

  // MARK: Reading

  /// The stakes of the changes at each of the next places behind one, in order, at most `stakesSlice` places. Marks,
  /// departures and redactions have none.
  func stakes(after place: Int) throws(PostgresError) -> [(place: Int, stakes: [Stake])] {
    try connection.execute(
      "SELECT id, body FROM changes WHERE id > $1 ORDER BY id LIMIT $2", [.int(place), .int(Self.stakesSlice)]
    ).map { row throws(PostgresError) -> (place: Int, stakes: [Stake]) in
      let entries = try FeedCoding.decode([SharedEntry].self, from: row.bytes(1))
      let stakes = entries.compactMap { entry -> Stake? in
        if case .change(_, let stake) = entry { stake } else { nil }
      }
      return (row.int(0), stakes)
    }
  }

  /// The items behind a place, in order, at most `FeedItem.pageSize`.
  func items(after place: Int) throws(PostgresError) -> [FeedItem] {
    // Ids are assigned under the lock of the log's row: everything up to the last one is visible.
    let last = try PostgresState(connection: connection).lastID()
    guard last > place else { return [] }
    let limit = FeedItem.pageSize
    let messages = try connection.execute(
      """
      SELECT \(PostgresMessages.columns), m.node, c.room, c.first_member, c.second_member
      FROM messages m JOIN conversations c ON c.id = m.conversation WHERE m.id > $1 AND m.id <= $2 ORDER BY m.id LIMIT $3
      """, [.int(place), .int(last), .int(limit)]
    ).map { row throws(PostgresError) in try Self.message(row) }
    let changes = try connection.execute(
      "SELECT id, node, body FROM changes WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3",
      [.int(place), .int(last), .int(limit)]
    ).map { row throws(PostgresError) in
      FeedItem(
        place: row.int(0), hub: HubID(row.int64(1)),
        entries: try FeedCoding.decode([SharedEntry].self, from: row.bytes(2)).map(\.entry))
    }
    // A full list may lack items before the last one of the other list.
    let ends = [messages, changes].compactMap { $0.count == limit ? $0.last?.place : nil }
    let end = ends.min() ?? last
    return Self.merged(messages, changes).filter { $0.place <= end }
  }

  private static func message(_ row: PostgresRows.Row) throws(PostgresError) -> FeedItem {
    let column = PostgresMessages.columnCount
    guard let conversation = Conversation(row, column + 1) else {
      throw PostgresError(.lostConversation(row.int(1)))
    }
    let message = try PostgresMessages.message(row, in: conversation)
    return FeedItem(place: message.id, hub: HubID(row.int64(column)), entries: [.message(message)])
  }

  private static func merged(_ one: [FeedItem], _ other: [FeedItem]) -> [FeedItem] {
    guard !other.isEmpty else { return one }
    return (one + other).sorted { $0.place < $1.place }
  }
}
