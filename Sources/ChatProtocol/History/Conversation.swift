/// Where a message belongs: a room, or the two people who write to each other.
public enum Conversation: Hashable, Sendable {
  case room(RoomName)
  case pair(Pair)

  public static let lobby = Conversation.room(.lobby)

  /// Two people, in no order: what neha writes to akash and what he answers is one conversation. People and not names:
  /// who takes a name that somebody else had must not read what was written to them.
  public struct Pair: Hashable, Sendable {
    public let first: MemberID
    public let second: MemberID

    public init(_ one: MemberID, _ other: MemberID) {
      (first, second) = one < other ? (one, other) : (other, one)
    }

    /// Whom the one writes to. People may write to themselves.
    public func other(than one: MemberID) -> MemberID { one == first ? second : first }

    public func contains(_ member: MemberID) -> Bool { member == first || member == second }
  }
}
