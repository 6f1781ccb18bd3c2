/// The kind of an entry in a conversation's history.
public enum MessageKind: Int, CaseIterable, Sendable, Codable {
  case text = 0
  /// The author set this topic; empty if the author removed the topic.
  case topic = 1
  /// The message was redacted, that is, its text removed, by its author or by an operator. It has no text.
  case redacted = 2
}
