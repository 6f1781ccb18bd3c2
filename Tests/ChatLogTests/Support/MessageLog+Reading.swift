import ChatLog
import ChatProtocol
import ChatRecords
import Testing

extension MessageLog {
  /// Stores messages that must all be new.
  @discardableResult
  func store(_ messages: [NewMessage], at time: Timestamp = .noon) throws -> [StoredMessage] {
    try append(messages, at: time).map { outcome in
      guard case .stored(let message) = outcome else {
        Issue.record("\(outcome)")
        throw LogError(.other, "not stored")
      }
      return message
    }
  }

  @discardableResult
  func store(_ message: NewMessage, at time: Timestamp = .noon) throws -> StoredMessage {
    try #require(try store([message], at: time).first)
  }

  func latest(_ limit: Int = .max, in conversation: Conversation = .lobby) throws -> [StoredMessage] {
    try page(.latest, in: conversation, limit: limit).messages
  }

  func page(
    _ range: HistoryRange, in conversation: Conversation = .lobby, head: Int = .max, limit: Int = .max,
    maximumBytes: Int = .max
  ) throws -> Page {
    try page(
      PageRequest(conversation: conversation, range: range, head: head, limit: limit, maximumBytes: maximumBytes))
  }

  /// The results of a typed query.
  func find(
    _ query: String, in conversations: [Conversation] = [.lobby], before: Int? = nil, limit: Int = 100
  ) throws -> Page {
    let query = try #require(SearchQuery(query))
    return try search(SearchRequest(conversations: conversations, query: query, before: before, limit: limit))
  }

  func finishPruning(_ retention: Retention, at now: Timestamp = .noon) throws {
    while try prune(retention, at: now) {}
  }

  func finishIndexing() throws {
    while try catchUp() {}
  }
}

extension Timestamp {
  /// 2026-11-22T12:00:00Z
  static let noon = Timestamp(milliseconds: 1_795_348_800_000)

  func advanced(by milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: self.milliseconds + milliseconds) }
}
