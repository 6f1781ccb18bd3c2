/// A part of one conversation, as the hub asks the log for it.
public struct PageRequest: Hashable, Sendable {
  public var conversation: Conversation
  public var range: HistoryRange
  /// Nothing behind this sequence is read: it was not published yet.
  public var head: Int
  /// How many messages at most.
  public var limit: Int
  /// Bytes of text beyond which no further message is read.
  public var maximumBytes: Int

  public init(conversation: Conversation, range: HistoryRange, head: Int, limit: Int, maximumBytes: Int = 256 * 1024) {
    self.conversation = conversation
    self.range = range
    self.head = head
    self.limit = limit
    self.maximumBytes = maximumBytes
  }
}

/// What the log answers, to a search as to a request for a page.
public struct Page: Hashable, Sendable {
  /// Of a conversation the oldest first; of a search the newest.
  public var messages: [StoredMessage]
  /// Whether there is more in the direction of the request: before the first for `before` and `latest`, behind the
  /// last for `after`.
  public var hasMore: Bool
  /// Of a search that was stopped early: no message with a smaller id was looked at. Nil: all were, or enough was
  /// found.
  public var stoppedBefore: Int?

  public init(messages: [StoredMessage], hasMore: Bool, stoppedBefore: Int? = nil) {
    self.messages = messages
    self.hasMore = hasMore
    self.stoppedBefore = stoppedBefore
  }
}
