import ChatProtocol

/// A message as the network tells it. Its text is safe to show.
public struct Said: Hashable, Sendable {
  /// Whose tab it belongs to: where an answer would go.
  public var target: Target
  public var kind: MessageKind
  public var author: Nickname
  public var text: String
  public var time: Timestamp
  /// Its place in the conversation, where the server counts.
  public var sequence: Int?
  /// Its place in the server's log.
  public var id: Int?
  /// It was said while we were away, or before: nothing to ring a bell for.
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
