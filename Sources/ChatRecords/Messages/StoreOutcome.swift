import ChatProtocol

/// The result of storing one message.
public enum StoreOutcome: Hashable, Sendable {
  case stored(StoredMessage)
  /// The member has sent this message before under the same key; carries the message stored then.
  case duplicate(StoredMessage)
  /// The member has sent a different message under the same key. The new one was not stored.
  case conflict

  /// The stored message; nil if there is none.
  public var message: StoredMessage? {
    switch self {
    case .stored(let message), .duplicate(let message): message
    case .conflict: nil
    }
  }
}
