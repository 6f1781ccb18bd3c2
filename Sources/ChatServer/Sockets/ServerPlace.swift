import ChatProtocol
import Platform

/// The address at which clients reach the server.
public struct ServerPlace: Hashable, Sendable {
  /// The address or name of a listener; nil for all addresses of the machine.
  public var host: String?
  public var port: Int

  public init(host: String?, port: Int) {
    self.host = host
    self.port = port
  }

  /// Parses the format of `description`.
  public init?(_ text: some StringProtocol) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (1...65535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else { return nil }
    self.init(host: host == "*" ? nil : host, port: port)
  }

  /// The first address that is reachable from other machines; otherwise the first.
  /// - Parameter bound: the bound addresses as `HOST:PORT`, which give the addresses of inherited sockets.
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

  /// Whether the server is reachable from this machine only.
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
    return hostAndPort(host, port)
  }
}
