/// A message that the hub accepted and the log shall store. It has no place in the order yet.
public struct NewMessage: Hashable, Sendable {
  public var conversation: Conversation
  public var author: Nickname
  /// As its author wrote it; how it is shown is the reader's dialect's business.
  public var text: String

  public init(conversation: Conversation, author: Nickname, text: String) {
    self.conversation = conversation
    self.author = author
    self.text = text
  }
}
