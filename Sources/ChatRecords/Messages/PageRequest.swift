import ChatProtocol

/// The hub's request to the log for a part of one conversation.
public struct PageRequest: Hashable, Sendable {
  public var conversation: Conversation
  public var range: HistoryRange
  /// The last published sequence; later messages are not returned.
  public var head: Int
  /// Maximum number of messages.
  public var limit: Int
  /// The total of `StoredMessage.answerBytes` beyond which no further message is read.
  public var maximumBytes: Int

  public init(conversation: Conversation, range: HistoryRange, head: Int, limit: Int, maximumBytes: Int = 256 * 1024) {
    self.conversation = conversation
    self.range = range
    self.head = head
    self.limit = limit
    self.maximumBytes = maximumBytes
  }
}

/// The log's answer to a search or to a request for a page.
public struct Page: Hashable, Sendable {
  /// Oldest first for a page of a conversation, newest first for a search.
  public var messages: [StoredMessage]
  /// Whether there are more messages in the direction of the request: before the first for `before` and `latest`, after
  /// the last for `after`.
  public var hasMore: Bool
  /// For a search that was stopped early: messages with a smaller id were not examined. Nil if all were examined or
  /// enough were found.
  public var stoppedBefore: Int?

  public init(messages: [StoredMessage], hasMore: Bool, stoppedBefore: Int? = nil) {
    self.messages = messages
    self.hasMore = hasMore
    self.stoppedBefore = stoppedBefore
  }
}
