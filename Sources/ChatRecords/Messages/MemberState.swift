import ChatProtocol

/// The log's state of one member.
public struct MemberState: Hashable, Sendable {
  /// The members of this member's direct conversations, the most recent conversation first.
  public var correspondents: [Correspondent]
  /// Read marks by conversation.
  public var marks: [Conversation: Int]

  public init(correspondents: [Correspondent] = [], marks: [Conversation: Int] = [:]) {
    self.correspondents = correspondents
    self.marks = marks
  }

  /// The other member of a direct conversation.
  public struct Correspondent: Hashable, Sendable {
    public var member: MemberID
    /// The correspondent's name at the last message.
    public var name: Nickname
    /// The last message between the two.
    public var head: Int
    public var heads: EpochHeads

    public init(member: MemberID, name: Nickname, head: Int, heads: EpochHeads = EpochHeads()) {
      self.member = member
      self.name = name
      self.head = head
      self.heads = heads
    }
  }
}

/// A member's read position in one conversation.
public struct ReadMark: Hashable, Sendable, Codable {
  public var member: MemberID
  public var conversation: Conversation
  public var sequence: Int

  public init(member: MemberID, conversation: Conversation, sequence: Int) {
    self.member = member
    self.conversation = conversation
    self.sequence = sequence
  }
}
