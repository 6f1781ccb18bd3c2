/// The requested part of a conversation. Bounds are sequence numbers and are excluded.
public enum HistoryRange: Hashable, Sendable {
  /// The newest messages before the sequence.
  case before(Int)
  /// The oldest messages after the sequence.
  case after(Int)
  /// The newest messages.
  case latest
}
