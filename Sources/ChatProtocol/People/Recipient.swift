/// Where a message goes, and where an answer to it would go.
public enum Recipient: Hashable, Sendable {
  /// Everybody.
  case room
  /// The other one of two.
  case person(Nickname)
}
