import ChatProtocol

/// A message from the network. Its text is safe to show.
public struct Said: Hashable, Sendable {
  /// The target of a reply, and so the tab that shows the message.
  public var target: Target
  public var kind: MessageKind
  public var author: Nickname
  public var text: String
  public var time: Timestamp
  /// Its sequence number in the conversation, if the server numbers messages.
  public var sequence: Int?
  /// Its place in the server's log.
  public var id: Int?
  /// Whether the message was sent while the user was away or not connected: it rings no bell.
  public var isBacklog: Bool

  public init(
    target: Target, kind: MessageKind = .text, author: Nickname, text: String, time: Timestamp, sequence: Int? = nil,
    id: Int? = nil, isBacklog: Bool = false
  ) {
    self.target = target
    self.kind = kind
    self.author = author
    self.text = text
    self.time = time
    self.sequence = sequence
    self.id = id
    self.isBacklog = isBacklog
  }

  mutating func removeText() { (kind, text) = (.removed, "") }
}
