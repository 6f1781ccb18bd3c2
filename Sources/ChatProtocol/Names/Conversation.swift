/// Where a message belongs: a room, or the two people who write to each other.
public enum Conversation: Hashable, Sendable {
  case room(RoomName)
  case pair(Pair)

  /// Two people, in no order: what neha writes to akash and what he answers is one conversation.
  public struct Pair: Hashable, Sendable {
    public let first: Nickname
    public let second: Nickname

    public init(_ one: Nickname, _ other: Nickname) {
      (first, second) = one < other ? (one, other) : (other, one)
    }

    /// Whom the one writes to. People may write to themselves.
    public func other(than one: Nickname) -> Nickname { one == first ? second : first }
  }
}
