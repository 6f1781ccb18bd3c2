import ChatProtocol

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

extension SearchTerms {
  package func allow(_ message: StoredMessage) -> Bool {
    message.kind == .text && allow(author: message.author) && allow(time: message.time) && allow(text: message.text)
  }
}
