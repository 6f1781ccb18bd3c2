import ChatProtocol

/// The operator's assumptions about the origin of connections.
public struct PeerTrust: Hashable, Sendable {
  /// Whether a connection from a loopback address belongs to the host: it is exempt from address limits and bans, and
  /// can make the first operator. Must be false if other people have accounts on the host, or if a proxy or tunnel that
  /// sends no PROXY header ends on it.
  public var trustsLoopback: Bool
  /// Networks of proxies: each connection from them begins with a PROXY protocol header, version 2, and is attributed
  /// to the client address in it. Such a connection never counts as the host's own.
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
