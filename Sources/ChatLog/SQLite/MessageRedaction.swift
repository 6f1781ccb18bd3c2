import ChatProtocol
import ChatRecords
import GRDB

/// Removes the text of a message, within one transaction.
struct MessageRedaction {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// - Returns: the message as it was.
  func redact(_ conversation: Conversation, sequence: Int, author: MemberID?) throws -> StoredMessage? {
    guard let row = try ConversationTable(database).find(conversation) else { return nil }
    // A topic remains when its message is pruned.
    let topic = row.topic.flatMap { $0.sequence == sequence ? $0 : nil }
    let kept = try message(sequence, of: row)
    guard let message = kept ?? topic, author == nil || author == message.member else { return nil }
    if kept != nil, message.kind != .redacted { try redactText(of: message, in: row) }
    if topic != nil { try ConversationTable(database).removeTopic(of: row.id) }
    try Scrubbing(database).ask()
    return message
  }

  private func message(_ sequence: Int, of row: ConversationRow) throws -> StoredMessage? {
    let find = try PreparedStatement(
      "SELECT \(MessageTable.columns) FROM messages WHERE conversation = ? AND sequence = ?", in: database)
    find.bind(row.id, at: 1)
    find.bind(sequence, at: 2)
    return try find.first { try MessageTable.message($0, in: row.conversation) }
  }

  private func redactText(of message: StoredMessage, in row: ConversationRow) throws {
    let update = try PreparedStatement("UPDATE messages SET kind = ?, text = '' WHERE id = ?", in: database)
    update.bind(MessageKind.redacted.rawValue, at: 1)
    update.bind(message.id, at: 2)
    try update.run()
    let index = SearchIndex(database)
    // The indexer will skip this message, because its kind is no longer text.
    guard message.kind == .text, message.id <= (try index.indexedThrough()) else { return }
    try index.remove(message.id, conversation: row.id, author: message.author, text: message.text)
  }
}
