/// Which part of a conversation is asked for, with sequences as its bounds, themselves left out.
public enum HistoryRange: Hashable, Sendable {
  /// The newest of those before it.
  case before(Int)
  /// The oldest of those after it.
  case after(Int)
  /// The newest.
  case latest
}
