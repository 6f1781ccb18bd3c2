import ChatProtocol
import ChatRecords
import GRDB

/// The table `conversations`, on one connection.
struct ConversationTable {
  private let database: Database

  init(_ database: Database) { self.database = database }

  private static let columns = """
    id, room, first_member, second_member, head, last_id, first_name, second_name, \
    topic_id, topic_sequence, topic_author, topic_member, topic_text, topic_time, epoch
    """

  private static let maximumCount = 1 << 60

  // MARK: Looking up

  func id(of conversation: Conversation) throws -> Int? {
    let statement: PreparedStatement
    switch conversation {
    case .room(let name):
      statement = try PreparedStatement("SELECT id FROM conversations WHERE room_key = ?", in: database)
      statement.bind(name.folded, at: 1)
    case .pair(let pair):
      statement = try PreparedStatement(
        "SELECT id FROM conversations WHERE first_member = ? AND second_member = ?", in: database)
      statement.bind(pair.first.number, at: 1)
      statement.bind(pair.second.number, at: 2)
    }
    return try statement.first { $0.int(0) }
  }

  /// The room's rows by any text rule: under an earlier rule there may be several.
  func ids(of room: RoomName) throws -> [Int] {
    let statement = try PreparedStatement(
      "SELECT id, room FROM conversations WHERE room_key IS NOT NULL ORDER BY id", in: database)
    var ids: [Int] = []
    try statement.forEach { row in
      if RoomName(row.text(1)) == room { ids.append(row.int(0)) }
      return true
    }
    return ids
  }

  /// The conversation with this row id.
  func conversation(_ id: Int) throws -> Conversation {
    let statement = try PreparedStatement(
      "SELECT room, first_member, second_member FROM conversations WHERE id = ?", in: database)
    statement.bind(id, at: 1)
    let conversation = try statement.first { Conversation($0, 0) }
    guard let conversation = conversation ?? nil else { throw LogError(.lostConversation(id)) }
    return conversation
  }

  func find(_ conversation: Conversation) throws -> ConversationRow? {
    guard let id = try id(of: conversation) else { return nil }
    let statement = try PreparedStatement("SELECT \(Self.columns) FROM conversations WHERE id = ?", in: database)
    statement.bind(id, at: 1)
    return try statement.first { try Self.row($0) }
  }

  func rooms() throws -> [ConversationRow] {
    try withHeads(all("WHERE room_key IS NOT NULL AND NOT \(Self.isDeleted) ORDER BY room_key"))
  }

  /// The member's pairs, most recently used first.
  func pairs(of member: MemberID, limit: Int) throws -> [ConversationRow] {
    let firsts = try all("WHERE first_member = ?1 ORDER BY last_id DESC LIMIT ?2", Int(member.number), limit)
    let seconds = try all(
      "WHERE second_member = ?1 AND first_member <> ?1 ORDER BY last_id DESC LIMIT ?2", Int(member.number), limit)
    return try withHeads((firsts + seconds).sorted { $0.lastID > $1.lastID }.prefix(limit))
  }

  /// Adds the heads of earlier epochs.
  private func withHeads(_ rows: some Sequence<ConversationRow>) throws -> [ConversationRow] {
    let epochs = EpochTable(database)
    return try rows.map { row in
      var row = row
      row.heads = try epochs.heads(of: row.id)
      return row
    }
  }

  /// Id of the last message ever stored; 0 if none.
  func lastID() throws -> Int {
    let last = try PreparedStatement("SELECT max(last_id) FROM conversations", in: database).first { $0.int(0) } ?? 0
    guard (0...Self.maximumCount).contains(last) else {
      throw DamagedRow(description: "the log holds a message's id that is none, in its conversations")
    }
    return last
  }

  private func all(_ condition: String, _ arguments: Int...) throws -> [ConversationRow] {
    let statement = try PreparedStatement("SELECT \(Self.columns) FROM conversations \(condition)", in: database)
    for (index, argument) in zip(Int32(1)..., arguments) { statement.bind(argument, at: index) }
    var rows: [ConversationRow] = []
    try statement.forEach {
      rows.append(try Self.row($0))
      return true
    }
    return rows
  }

  private static func row(_ columns: PreparedStatement.Row) throws -> ConversationRow {
    do { return try ConversationRow(columns) } catch { throw LogError(error) }
  }

  func hasMessages(_ id: Int) throws -> Bool {
    let statement = try PreparedStatement("SELECT 1 FROM messages WHERE conversation = ? LIMIT 1", in: database)
    statement.bind(id, at: 1)
    return try statement.first { _ in true } ?? false
  }

  // MARK: Deleting

  /// Whether a row belongs to a deleted room. Such a row has a name that no room can have, and its messages are removed
  /// in slices; see `Pruning`. Until then, their keys are free; see `Appending`.
  static let isDeleted = "(room_key IS NOT NULL AND substr(room_key, 1, 8) = 'deleted ')"

  /// Marks the room's messages as deleted and creates a new row that continues the room's sequence. Takes constant
  /// time, however many messages there are.
  func markDeleted(_ room: RoomName) throws {
    guard let id = try id(of: .room(room)) else { return }
    let rename = try PreparedStatement(
      """
      UPDATE conversations SET room = 'deleted ' || id, room_key = 'deleted ' || id, topic_id = NULL, \
      topic_sequence = NULL, topic_author = NULL, topic_member = NULL, topic_text = NULL, topic_time = NULL WHERE id = ?
      """, in: database)
    rename.bind(id, at: 1)
    try rename.run()
    let goOn = try PreparedStatement(
      "INSERT INTO conversations (room, room_key, head) SELECT ?, ?, head FROM conversations WHERE id = ?", in: database
    )
    goOn.bind(room.text, at: 1)
    goOn.bind(room.folded, at: 2)
    goOn.bind(id, at: 3)
    try goOn.run()
  }

  // MARK: Changing

  func insert(_ conversation: Conversation) throws -> ConversationRow {
    let statement = try PreparedStatement(
      "INSERT INTO conversations (room, room_key, first_member, second_member) VALUES (?, ?, ?, ?)", in: database)
    switch conversation {
    case .room(let name):
      statement.bind(name.text, at: 1)
      statement.bind(name.folded, at: 2)
      statement.bind(Int?.none, at: 3)
      statement.bind(Int?.none, at: 4)
    case .pair(let pair):
      statement.bind(String?.none, at: 1)
      statement.bind(String?.none, at: 2)
      statement.bind(pair.first.number, at: 3)
      statement.bind(pair.second.number, at: 4)
    }
    try statement.run()
    return ConversationRow(id: Int(database.lastInsertedRowID), conversation: conversation)
  }

  func update(_ row: ConversationRow) throws {
    let statement = try PreparedStatement(
      "UPDATE conversations SET head = ?, last_id = ?, first_name = ?, second_name = ?, epoch = ? WHERE id = ?",
      in: database)
    statement.bind(row.head, at: 1)
    statement.bind(row.lastID, at: 2)
    statement.bind(row.names.first?.text, at: 3)
    statement.bind(row.names.second?.text, at: 4)
    statement.bind(row.epoch, at: 5)
    statement.bind(row.id, at: 6)
    try statement.run()
    try EpochTable(database).add(row.heads, of: row.id)
  }

  func updateTopic(_ row: ConversationRow) throws {
    guard let topic = row.topic else { return }
    let statement = try PreparedStatement(
      """
      UPDATE conversations SET topic_id = ?, topic_sequence = ?, topic_author = ?, topic_member = ?, topic_text = ?, \
      topic_time = ? WHERE id = ?
      """, in: database)
    statement.bind(topic.id, at: 1)
    statement.bind(topic.sequence, at: 2)
    statement.bind(topic.author.text, at: 3)
    statement.bind(topic.member.number, at: 4)
    statement.bind(topic.text, at: 5)
    statement.bind(topic.time.milliseconds, at: 6)
    statement.bind(row.id, at: 7)
    try statement.run()
  }

  /// Removes the topic.
  func removeTopic(of id: Int) throws {
    let statement = try PreparedStatement(
      """
      UPDATE conversations SET topic_id = NULL, topic_sequence = NULL, topic_author = NULL, topic_member = NULL, \
      topic_text = NULL, topic_time = NULL WHERE id = ?
      """, in: database)
    statement.bind(id, at: 1)
    try statement.run()
  }
}
