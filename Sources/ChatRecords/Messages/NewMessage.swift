import ChatProtocol

/// A message that the hub accepted and the log is to store. It has no sequence number yet.
public struct NewMessage: Hashable, Sendable {
  public var conversation: Conversation
  public var author: Nickname
  public var member: MemberID
  /// The recipient's name in a direct conversation; nil in a room.
  public var reader: Nickname?
  public var kind: MessageKind
  /// The text as the author wrote it; each reader's dialect decides how the text is written.
  public var text: String
  public var key: IdempotencyKey?

  public init(
    conversation: Conversation, author: Nickname, member: MemberID, reader: Nickname? = nil, kind: MessageKind = .text,
    text: String, key: IdempotencyKey? = nil
  ) {
    self.conversation = conversation
    self.author = author
    self.member = member
    self.reader = reader
    self.kind = kind
    self.text = text
    self.key = key
  }
}
