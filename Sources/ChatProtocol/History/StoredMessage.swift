/// A message that the log has stored: nobody is shown a message of a room before it is one of these.
public struct StoredMessage: Hashable, Sendable {
  public var conversation: Conversation
  /// Its place in the conversation, dense from 1.
  public var sequence: Int
  public var author: Nickname
  public var text: String
  /// When it was stored.
  public var time: Timestamp

  public init(_ message: NewMessage, sequence: Int, time: Timestamp) {
    conversation = message.conversation
    author = message.author
    text = message.text
    self.sequence = sequence
    self.time = time
  }
}
