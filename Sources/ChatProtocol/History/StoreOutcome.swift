/// What became of one message that the log was given.
public enum StoreOutcome: Hashable, Sendable {
  case stored(StoredMessage)
  /// Its member has sent it before under the same key: this is what became of it then.
  case duplicate(StoredMessage)
  /// Its member has sent something else under the same key. It was not stored.
  case conflict
}
