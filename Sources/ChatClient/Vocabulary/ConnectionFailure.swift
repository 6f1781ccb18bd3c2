import ChatProtocol

/// Why a connection could not be made.
public struct ConnectionFailure: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The host answered that nothing listens there.
    case refused
    case noSuchHost
    case timedOut
    case unreachable
    /// It was to be encrypted, and the server does not speak TLS.
    /// - Parameter said: its first line, 512 bytes at most; nil where it hung up or was silent.
    case plain(said: String?)
    /// It would have been encrypted, to somebody else than was expected.
    case untrusted(Pin)
    case other
  }

  public var kind: Kind
  /// For people, on one line.
  public var reason: String

  public init(_ kind: Kind, reason: String) {
    self.kind = kind
    self.reason = reason
  }
}
