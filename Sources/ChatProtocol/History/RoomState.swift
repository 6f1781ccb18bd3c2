/// What the log knows of one room.
public struct RoomState: Hashable, Sendable {
  /// As it was first written.
  public var name: RoomName
  /// The last message; 0 before the first.
  public var head: Int
  /// The newest one that gave the room a topic.
  public var topic: StoredMessage?
  public var heads: EpochHeads

  public init(name: RoomName, head: Int, topic: StoredMessage? = nil, heads: EpochHeads = EpochHeads()) {
    self.name = name
    self.head = head
    self.topic = topic
    self.heads = heads
  }
}
