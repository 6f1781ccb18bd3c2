import ChatProtocol

/// Where a server listens, as far as it matters to those who are to reach it.
public struct ServerPlace: Hashable, Sendable {
  /// An address or name that it was told to listen on; nil: all addresses of the machine.
  public var host: String?
  public var port: Int

  public init(host: String?, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads what `description` writes.
  public init?(_ text: some StringProtocol) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (1...65535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else { return nil }
    self.init(host: host == "*" ? nil : host, port: port)
  }

  /// The first of the addresses that others can reach; where there is none, the first.
  /// - Parameter bound: what is really bound, as `HOST:PORT`, which tells where sockets that were handed over are.
  init(_ addresses: [ListenAddress], bound: [String], port: Int) {
    let hosts: [String?] = addresses.flatMap { address -> [String?] in
      switch address {
      case .all: [nil]
      case .host(let host): [host]
      case .socket: bound.compactMap { ServerPlace($0)?.host }
      }
    }
    let host = hosts.first { !Self.isLoopback($0) } ?? hosts.first ?? nil
    self.init(host: host.flatMap { Self.isWildcard($0) ? nil : $0 }, port: port)
  }

  /// Whether nobody on another machine reaches it.
  public var isLoopback: Bool { Self.isLoopback(host) }

  private static func isLoopback(_ host: String?) -> Bool {
    guard let host else { return false }
    return IPAddress(host)?.isLoopback ?? (host.lowercased() == "localhost")
  }

  private static func isWildcard(_ host: String) -> Bool {
    IPAddress(host)?.bytes.allSatisfy { $0 == 0 } ?? host.isEmpty
  }
}

extension ServerPlace: CustomStringConvertible {
  /// `192.0.2.7:4000`, `[2001:db8::7]:4000`; `*:4000` for all addresses.
  public var description: String {
    guard let host else { return "*:\(port)" }
    return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
