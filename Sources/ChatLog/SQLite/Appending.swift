import ChatProtocol
import ChatRecords
import GRDB

/// Stores messages, within one transaction.
struct Appending {
  private let database: Database
  private let insert: PreparedStatement
  private let time: Timestamp
  /// Index of the present epoch.
  private let epoch: Int
  /// Indexes, in `ConversationCache`, of the changed conversations.
  private var touched: Set<Int> = []
  private var withTopic: Set<Int> = []

  init(_ database: Database, at time: Timestamp, epoch: Int) throws {
    self.database = database
    self.time = time
    self.epoch = epoch
    insert = try PreparedStatement(
      """
      INSERT INTO messages (id, conversation, sequence, author, member, reader, kind, text, time, cid)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, in: database)
  }

  mutating func append(_ message: NewMessage, _ cache: inout ConversationCache) throws -> StoreOutcome {
    if let key = message.key, let earlier = try find(key, of: message.member, like: message) {
      guard case .conflict = earlier, try releaseKey(key, of: message.member) else { return earlier }
    }
    let place = try cache.place(of: message.conversation, in: database)
    let id = cache.nextID()
    let stored = cache[place].add(message, id: id, time: time, epoch: epoch)
    touched.insert(place)
    if message.kind == .topic { withTopic.insert(place) }
    insert.bind(id, at: 1)
    insert.bind(cache[place].id, at: 2)
    insert.bind(stored.sequence, at: 3)
    insert.bind(message.author.text, at: 4)
    insert.bind(message.member.number, at: 5)
    insert.bind(message.reader?.text, at: 6)
    insert.bind(message.kind.rawValue, at: 7)
    insert.bind(message.text, at: 8)
    insert.bind(time.milliseconds, at: 9)
    insert.bind(message.key?.text, at: 10)
    try insert.run()
    return .stored(stored)
  }

  /// Writes the new state of the conversations.
  func finish(_ cache: inout ConversationCache) throws {
    let table = ConversationTable(database)
    for place in touched {
      try table.update(cache[place])
      cache[place].heads = EpochHeads()
    }
    for place in withTopic { try table.updateTopic(cache[place]) }
  }

  /// - Returns: the outcome of the member's earlier message with this key; nil if there is none.
  private func find(_ key: IdempotencyKey, of member: MemberID, like message: NewMessage) throws -> StoreOutcome? {
    let statement = try PreparedStatement(
      "SELECT \(MessageTable.columns) FROM messages WHERE member = ? AND cid = ?", in: database)
    statement.bind(member.number, at: 1)
    statement.bind(key.text, at: 2)
    return try statement.first { row in
      guard row.int(1) == (try ConversationTable(database).id(of: message.conversation)) else { return .conflict }
      let earlier = try MessageTable.message(row, in: message.conversation)
      return earlier.isSame(as: message) ? .duplicate(earlier) : .conflict
    }
  }

  /// Removes the key from the member's message with it if its room is deleted. The deletion itself takes constant time,
  /// and leaves the message to `Pruning`.
  /// - Returns: whether the key is free now.
  private func releaseKey(_ key: IdempotencyKey, of member: MemberID) throws -> Bool {
    let statement = try PreparedStatement(
      """
      UPDATE messages SET cid = NULL WHERE member = ? AND cid = ?
      AND (SELECT \(ConversationTable.isDeleted) FROM conversations WHERE id = messages.conversation)
      """, in: database)
    statement.bind(member.number, at: 1)
    statement.bind(key.text, at: 2)
    try statement.run()
    return database.changesCount > 0
  }
}
