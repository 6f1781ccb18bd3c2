/// What the log knows of one room.
public struct RoomState: Hashable, Sendable {
  /// As it was first written.
  public var name: RoomName
  /// The last message; 0 before the first.
  public var head: Int
  /// The newest one that gave the room a topic.
  public var topic: StoredMessage?
  public var heads: EpochHeads
  /// Whether any message or a topic is left of it.
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
