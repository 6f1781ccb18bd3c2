/// What a line in a conversation's history is.
public enum MessageKind: Int, CaseIterable, Sendable {
  case text = 0
  /// The author gave the room this topic; empty where they took it away.
  case topic = 1
  /// What was said was taken away, by its author or by an operator. It has no text.
  case removed = 2
}
