/// The hub's search request to the log.
public struct SearchRequest: Hashable, Sendable {
  /// The conversations to search: only ones that the requester may read.
  public var conversations: [Conversation]
  public var query: SearchQuery
  /// Returns only messages with a smaller `StoredMessage.id`; continues after an earlier page.
  public var before: Int?
  /// Maximum number of messages.
  public var limit: Int

  public init(conversations: [Conversation], query: SearchQuery, before: Int? = nil, limit: Int) {
    self.conversations = conversations
    self.query = query
    self.before = before
    self.limit = limit
  }
}
