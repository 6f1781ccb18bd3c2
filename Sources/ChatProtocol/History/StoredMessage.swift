/// A message that the log has stored: nobody is shown a message of a room before it is one of these.
public struct StoredMessage: Hashable, Sendable {
  /// Its place in the whole log, growing from message to message, and not dense.
  public var id: Int
  public var conversation: Conversation
  /// Its place in the conversation, dense from 1.
  public var sequence: Int
  public var author: Nickname
  public var member: MemberID
  /// What the other one of a pair was called; nil in a room.
  public var reader: Nickname?
  public var kind: MessageKind
  public var text: String
  /// When it was stored.
  public var time: Timestamp

  public init(_ message: NewMessage, id: Int, sequence: Int, time: Timestamp) {
    self.id = id
    conversation = message.conversation
    self.sequence = sequence
    author = message.author
    member = message.member
    reader = message.reader
    kind = message.kind
    text = message.text
    self.time = time
  }
}
