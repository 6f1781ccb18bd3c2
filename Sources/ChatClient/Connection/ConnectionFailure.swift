import ChatProtocol

/// The reason why a connection could not be established.
public struct ConnectionFailure: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The host answered that nothing listens on the port.
    case refused
    case noSuchHost
    case timedOut
    case unreachable
    /// The connection was to be encrypted, but the server does not speak TLS.
    /// - Parameter said: its first line, at most 512 bytes; nil if it hung up or was silent.
    case plain(said: String?)
    /// The server has another pin than the expected one.
    case untrusted(Pin)
    case other
  }

  public var kind: Kind
  /// For display, on one line.
  public var reason: String

  public init(_ kind: Kind, reason: String) {
    self.kind = kind
    self.reason = reason
  }
}
