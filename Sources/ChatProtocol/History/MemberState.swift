/// What the log knows of one member.
public struct MemberState: Hashable, Sendable {
  /// Whom they write with, those last written to first.
  public var correspondents: [Correspondent]
  /// How far they have read.
  public var marks: [Conversation: Int]

  public init(correspondents: [Correspondent] = [], marks: [Conversation: Int] = [:]) {
    self.correspondents = correspondents
    self.marks = marks
  }

  /// The other one of a pair.
  public struct Correspondent: Hashable, Sendable {
    public var member: MemberID
    /// What they were called when the two last wrote.
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

/// How far a member has read in one conversation.
public struct ReadMark: Hashable, Sendable {
  public var member: MemberID
  public var conversation: Conversation
  public var sequence: Int

  public init(member: MemberID, conversation: Conversation, sequence: Int) {
    self.member = member
    self.conversation = conversation
    self.sequence = sequence
  }
}
