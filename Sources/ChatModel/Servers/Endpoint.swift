import ChatProtocol
import Platform

/// Address of a server: the host on which it runs, or a list of hosts that act as one server.
///
/// The list as a whole identifies the server: its pin, token and conversations are stored under it. The first host names
/// the server. Each host is in the list once, so that other spellings of the same list are the same endpoint.
public struct Endpoint: Hashable, Sendable {
  /// Default port of swiftchat's servers.
  public static let defaultPort = HostPort.defaultPort
  public static let maximumHosts = 16

  public let first: HostPort
  private let others: [HostPort]

  /// 1 to `maximumHosts` hosts, in the order of the list.
  public var hosts: [HostPort] { [first] + others }
  public var hasSeveralHosts: Bool { !others.isEmpty }

  /// Whether all hosts are this machine, for any machine that reads the endpoint.
  public var isLoopback: Bool { hosts.allSatisfy { IPAddress($0.host)?.isLoopback ?? ($0.host == "localhost") } }

  /// Of the first host.
  public var host: String { first.host }
  public var port: Int { first.port }

  public init(_ host: HostPort) { self.init(host, []) }

  private init(_ first: HostPort, _ others: [HostPort]) { (self.first, self.others) = (first, others) }

  /// Reads `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` or `IPV6`, or several of them with commas in between. Repeated
  /// hosts are dropped.
  /// - Throws: the error, with a description for display.
  public init(_ text: String) throws(EndpointError) { try self.init(text, isInLink: false) }

  /// - Parameter isInLink: the % before a zone is written `%25`, as in every URL (RFC 6874).
  init(_ text: String, isInLink: Bool) throws(EndpointError) {
    guard text.utf8.contains(UInt8(ascii: ",")) else {
      self.init(try HostPort(text[...], isInLink: isInLink))
      return
    }
    var hosts: [HostPort] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let part = Self.withoutSpaces(part)
      guard !part.isEmpty else { throw .emptyPart }
      let host = try HostPort(part, isInLink: isInLink)
      guard !hosts.contains(host) else { continue }
      // Checked before the next host is read: a longer list is not worth reading.
      guard hosts.count < Self.maximumHosts else { throw .tooManyHosts }
      hosts.append(host)
    }
    guard let first = hosts.first else { throw .emptyPart }
    self.init(first, Array(hosts.dropFirst()))
  }

  /// - Throws: `EndpointError` if the host is empty or has an invalid character, or if the port is out of range.
  public init(host: String, port: Int) throws(EndpointError) {
    self.init(try HostPort(host: host, port: port))
  }

  /// In settings a list is easily written with a space after each comma.
  private static func withoutSpaces(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension Endpoint: CustomStringConvertible {
  /// All hosts, as `init` reads them: `host:port,[address]:port`.
  public var description: String { hosts.map(\.description).joined(separator: ",") }

  /// For sentences: `host:port`, or `host:port (3 hosts)` for the first of several.
  public var summary: String { hasSeveralHosts ? "\(first) (\(hosts.count) hosts)" : first.description }
}

/// The reason why a text is not an endpoint.
public enum EndpointError: Error, Hashable, Sendable {
  case missingHost
  case missingBracket
  case invalidHost(String)
  case invalidPort(String)
  /// A list has nothing between two commas, or before or after them.
  case emptyPart
  case tooManyHosts
}

extension EndpointError: CustomStringConvertible {
  /// For display; safe to show.
  public var description: String {
    switch self {
    case .missingHost: "There is no host. Write HOST, HOST:PORT or [IPV6]:PORT."
    case .missingBracket: "The \"]\" after the address is missing. Write [IPV6]:PORT."
    case .invalidHost(let host):
      "\"\(DisplayText.sanitize(host))\" is not a host. Write HOST, HOST:PORT or [IPV6]:PORT."
    case .invalidPort(let port):
      "\"\(DisplayText.sanitize(port))\" is not a port. A port is a number from 1 to 65535."
    case .emptyPart: "A host is missing before or after a comma. Write HOST,HOST:PORT,…"
    case .tooManyHosts: "A server has at most \(Endpoint.maximumHosts) hosts."
    }
  }
}
