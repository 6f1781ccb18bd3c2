import ChatProtocol

/// A message that the log has stored. Messages of a room are published only after they are stored.
public struct StoredMessage: Hashable, Sendable {
  /// Position in the whole log: increasing, not dense.
  public var id: Int
  public var conversation: Conversation
  /// Position in the conversation: dense from 1.
  public var sequence: Int
  public var author: Nickname
  public var member: MemberID
  /// The recipient's name in a direct conversation; nil in a room.
  public var reader: Nickname?
  public var kind: MessageKind
  public var text: String
  /// The time at which the message was stored.
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
