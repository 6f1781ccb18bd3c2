/// Why a connection could not be made.
public struct ConnectionFailure: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The host answered that nothing listens there.
    case refused
    case noSuchHost
    case timedOut
    case unreachable
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
