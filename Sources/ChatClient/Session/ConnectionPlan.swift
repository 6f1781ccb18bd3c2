import ChatModel

/// An address of one of a server's hosts.
public struct HostRecord: Hashable, Sendable {
  public var host: HostPort
  /// The IP address as the system prints it; nil for the host as a whole, if it has none.
  public var address: String?

  public init(host: HostPort, address: String?) { (self.host, self.address) = (host, address) }

  var isIPv6: Bool { address?.contains(":") ?? false }

  /// Address and port, which two names may share.
  var place: String { "\(address ?? host.host) \(host.port)" }
}

/// Order in which to try the addresses of a server.
public struct ConnectionPlan: Hashable, Sendable {
  public var endpoint: Endpoint
  /// The hosts of the endpoint in the order of the attempts.
  public var hosts: [HostPort]
  /// Addresses not to try.
  public var excluded: [HostRecord] = []
  /// Addresses to try after all others.
  public var last: [HostRecord] = []
  /// Seed of the order of each host's addresses.
  public var seed: UInt64

  public init(
    endpoint: Endpoint, hosts: [HostPort], excluded: [HostRecord] = [], last: [HostRecord] = [], seed: UInt64
  ) {
    (self.endpoint, self.hosts, self.excluded, self.last, self.seed) = (endpoint, hosts, excluded, last, seed)
  }
}

/// The address at which a connection is established.
public struct Arrival: Hashable, Sendable {
  public var record: HostRecord
  /// The host's other addresses of the same family. They are taken for other machines; an IPv4 and an IPv6 address are
  /// usually the same one.
  public var siblings: [HostRecord]
  /// The failures at other addresses, in the order in which they failed.
  public var failures: [ConnectionFailure]

  public init(record: HostRecord, siblings: [HostRecord] = [], failures: [ConnectionFailure] = []) {
    (self.record, self.siblings, self.failures) = (record, siblings, failures)
  }
}
