/// The reason why there is no connection, and the next attempt.
public struct Outage: Hashable, Sendable, Codable {
  /// For display, on one line.
  public var reason: String
  /// Delay until the next attempt; nil if there will be none.
  public var retryIn: Duration?
  /// The host answered that nothing listens on the port.
  public var isRefused: Bool
  /// First attempt at an endpoint that was never reached. With `isRefused`, the client can offer to host a server
  /// there.
  public var isFirst: Bool
  /// True if the server ended the connection, and takes the user back; otherwise nil.
  public var mayReturn: Bool?

  public init(
    reason: String, retryIn: Duration?, isRefused: Bool = false, isFirst: Bool = false, mayReturn: Bool? = nil
  ) {
    self.reason = reason
    self.retryIn = retryIn
    self.isRefused = isRefused
    self.isFirst = isFirst
    self.mayReturn = mayReturn
  }
}
