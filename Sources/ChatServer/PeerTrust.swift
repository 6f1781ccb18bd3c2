import ChatProtocol

/// Beliefs of the server about where a connection comes from.
public struct PeerTrust: Hashable, Sendable {
  /// Whether a connection from a loopback address is one of the host's own: limits by address and bans do not hold for
  /// it, and it may bring the first operator. Not where others have accounts on the host, or where a proxy or a tunnel
  /// that sends no PROXY header ends on it.
  public var trustsLoopback: Bool
  /// Proxies: each of their connections begins with a header of the PROXY protocol, version 2, and comes from the
  /// address that it names. Never one of the host's own.
  public var proxies: [Network]

  public init(trustsLoopback: Bool = true, proxies: [Network] = []) {
    self.trustsLoopback = trustsLoopback
    self.proxies = proxies
  }

  /// Whether a connection from there begins with a PROXY header.
  func isProxy(_ address: IPAddress?) -> Bool {
    guard !proxies.isEmpty, let address else { return false }
    return proxies.contains { $0.contains(address) }
  }
}
