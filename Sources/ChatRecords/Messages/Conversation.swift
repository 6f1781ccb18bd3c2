import ChatProtocol

/// The conversation that a message belongs to: a room, or a pair of members.
public enum Conversation: Hashable, Sendable, Codable {
  case room(RoomName)
  case pair(Pair)

  public static let lobby = Conversation.room(.lobby)

  /// Two members, unordered: messages in both directions belong to one conversation. A pair holds members and not
  /// names, so that a new holder of a name cannot read messages sent to the previous holder.
  public struct Pair: Hashable, Sendable, Codable {
    public let first: MemberID
    public let second: MemberID

    public init(_ one: MemberID, _ other: MemberID) {
      (first, second) = one < other ? (one, other) : (other, one)
    }

    /// The other member of the pair; the same one for a conversation with oneself.
    public func other(than one: MemberID) -> MemberID { one == first ? second : first }

    public func contains(_ member: MemberID) -> Bool { member == first || member == second }
  }
}
