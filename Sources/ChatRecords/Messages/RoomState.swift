import ChatProtocol

/// The log's state of one room.
public struct RoomState: Hashable, Sendable {
  /// The name in its first spelling.
  public var name: RoomName
  /// The sequence of the last message; 0 before the first.
  public var head: Int
  /// The newest message that set the topic.
  public var topic: StoredMessage?
  public var heads: EpochHeads
  /// Whether a message or topic of the room still exists.
  public var hasMessages: Bool

  public init(
    name: RoomName, head: Int, topic: StoredMessage? = nil, heads: EpochHeads = EpochHeads(), hasMessages: Bool = true
  ) {
    self.name = name
    self.head = head
    self.topic = topic
    self.heads = heads
    self.hasMessages = hasMessages
  }
}
