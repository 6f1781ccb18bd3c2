/// A message that the hub accepted and the log shall store. It has no place in the order yet.
public struct NewMessage: Hashable, Sendable {
  public var conversation: Conversation
  public var author: Nickname
  public var member: MemberID
  /// What the other one of a pair is called; nil in a room.
  public var reader: Nickname?
  public var kind: MessageKind
  /// As its author wrote it; how it is shown is the reader's dialect's business.
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
