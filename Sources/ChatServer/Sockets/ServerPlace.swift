import ChatProtocol
import Platform

/// The address at which clients reach the server, or the addresses of all servers that act as one.
public struct ServerPlace: Hashable, Sendable {
  public struct Host: Hashable, Sendable {
    /// An address or name; nil for all addresses of the machine.
    public var name: String?
    public var port: Int

    public init(name: String?, port: Int) {
      self.name = name
      self.port = port
    }

    /// Parses `HOST:PORT`, where `*` stands for all addresses.
    init?(_ text: some StringProtocol) {
      guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
        (1...65535).contains(port)
      else { return nil }
      var name = String(text[..<colon])
      if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
      guard !name.isEmpty else { return nil }
      self.init(name: name == "*" ? nil : name, port: port)
    }
  }

  /// At least one.
  public let hosts: [Host]

  public init(host: String?, port: Int) { hosts = [Host(name: host, port: port)] }

  /// - Parameters:
  ///   - hosts: at least one.
  ///   - port: the port of hosts that have none.
  public init?(_ hosts: [PublicHost], port: Int) {
    guard !hosts.isEmpty else { return nil }
    self.hosts = hosts.map { Host(name: $0.name, port: $0.port ?? port) }
  }

  /// Parses the format of `description`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let hosts = parts.compactMap { Host($0) }
    guard !hosts.isEmpty, hosts.count == parts.count else { return nil }
    self.hosts = hosts
  }

  /// The hosts that the operator names; otherwise the first listening address that is reachable from other machines,
  /// or the first of all.
  /// - Parameters:
  ///   - bound: the bound addresses as `HOST:PORT`, which give the addresses of inherited sockets.
  ///   - port: the port of the listeners.
  init(_ settings: ServerSettings, bound: [String], port: Int) {
    if let place = ServerPlace(settings.publicHosts, port: port) {
      self = place
      return
    }
    let names: [String?] = settings.addresses.flatMap { address -> [String?] in
      switch address {
      case .all: [nil]
      case .host(let host): [host]
      case .socket: bound.compactMap { Host($0)?.name }
      }
    }
    let name = names.first { !Self.isLoopback($0) } ?? names.first ?? nil
    self.init(host: name.flatMap { Self.isWildcard($0) ? nil : $0 }, port: port)
  }

  /// Whether the server is reachable from this machine only.
  public var isLoopback: Bool { hosts.allSatisfy { Self.isLoopback($0.name) } }

  private static func isLoopback(_ host: String?) -> Bool {
    guard let host else { return false }
    return IPAddress(host)?.isLoopback ?? (host.lowercased() == "localhost")
  }

  private static func isWildcard(_ host: String) -> Bool {
    IPAddress(host)?.bytes.allSatisfy { $0 == 0 } ?? host.isEmpty
  }
}

extension ServerPlace: CustomStringConvertible {
  /// `192.0.2.7:4000`, `[2001:db8::7]:4000`, `*:4000` for all addresses; several with commas in between.
  public var description: String {
    hosts.map { host in host.name.map { hostAndPort($0, host.port) } ?? "*:\(host.port)" }.joined(separator: ",")
  }
}

/// A host at which clients reach the server, as its operator names it.
public struct PublicHost: Hashable, Sendable {
  /// An address or name.
  public var name: String
  /// Nil for the port on which the server listens.
  public var port: Int?

  public init(name: String, port: Int? = nil) {
    self.name = name
    self.port = port
  }
}
