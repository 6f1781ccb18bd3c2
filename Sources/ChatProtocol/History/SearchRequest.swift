/// A search, as the hub asks the log for it.
public struct SearchRequest: Hashable, Sendable {
  /// Where to look; what the asker may read, and nothing else.
  public var conversations: [Conversation]
  public var query: SearchQuery
  /// Only messages with a smaller `StoredMessage.id`: goes on where a page ended.
  public var before: Int?
  /// How many messages at most.
  public var limit: Int

  public init(conversations: [Conversation], query: SearchQuery, before: Int? = nil, limit: Int) {
    self.conversations = conversations
    self.query = query
    self.before = before
    self.limit = limit
  }
}
