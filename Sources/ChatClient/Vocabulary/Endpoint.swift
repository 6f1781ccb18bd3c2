import ChatProtocol

/// Where a server is reached.
public struct Endpoint: Hashable, Sendable {
  /// Where swiftchat's servers listen unless told otherwise.
  public static let defaultPort = 4000

  /// A name or an address, in the one spelling that it has here: what is known of a host must not be passed by with
  /// another. Names in lower case and without the dot of the root, addresses as the system prints them; IPv6 without
  /// brackets.
  public let host: String
  /// 1 to 65535.
  public let port: Int

  /// Reads `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` or `IPV6`.
  /// - Throws: what is wrong with it, for people.
  public init(_ text: String) throws(EndpointError) {
    let text = text.lowercased()
    if text.utf8.first == UInt8(ascii: "[") {
      guard let end = text.firstIndex(of: "]") else { throw .missingBracket }
      let host = text[text.index(after: text.startIndex)..<end]
      guard Self.looksLikeIPv6(host) else { throw .invalidHost(String(host)) }
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.utf8.first == UInt8(ascii: ":") else { throw .invalidPort(String(rest)) }
      try self.init(host: host, port: rest.isEmpty ? nil : rest.dropFirst())
    } else {
      let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      switch parts.count {
      case 1: try self.init(host: parts[0], port: nil)
      case 2: try self.init(host: parts[0], port: parts[1])
      default:
        // Two colons or more: the address alone, for there is no telling which of them would begin a port.
        guard Self.looksLikeIPv6(text[...]) else { throw .invalidHost(text) }
        try self.init(host: text[...], port: nil)
      }
    }
  }

  /// - Throws: `EndpointError` where the host is empty or has a character that none can have, or where there is no
  ///   such port.
  public init(host: String, port: Int) throws(EndpointError) {
    try self.init(host: host.lowercased()[...], port: String(port)[...])
  }

  private init(host: Substring, port: Substring?) throws(EndpointError) {
    let host = host.utf8.last == UInt8(ascii: ".") ? host.dropLast() : host
    guard !host.isEmpty else { throw .missingHost }
    // 253: the longest name that DNS can carry (RFC 1035, 2.3.4).
    guard host.utf8.count <= 253, host.unicodeScalars.allSatisfy(Self.isAllowed) else {
      throw .invalidHost(String(host))
    }
    self.host = IPAddress(host)?.description ?? String(host)
    guard let port else {
      self.port = Self.defaultPort
      return
    }
    let isNumber = port.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard isNumber, let number = Int(port), (1...65535).contains(number) else { throw .invalidPort(String(port)) }
    self.port = number
  }

  /// Names in other scripts are left to the resolver; what no name has, and what belongs to a URL, is not.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return scalar.value > 0x20 && scalar.value != 0x7f && !"/\\@?#[]\"'<>".unicodeScalars.contains(scalar)
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate: return false
    default: return true
    }
  }

  /// Digits, colons, dots and perhaps a zone (RFC 4007, 11): whether it is an address is for the system to say.
  private static func looksLikeIPv6(_ text: Substring) -> Bool {
    let address = text.prefix { $0 != "%" }
    return address.utf8.count { $0 == UInt8(ascii: ":") } >= 2
      && address.allSatisfy { $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") }
  }
}

extension Endpoint: CustomStringConvertible {
  /// `host:port`, or `[address]:port`.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Why a text names no endpoint.
public enum EndpointError: Error, Hashable, Sendable {
  case missingHost
  case missingBracket
  case invalidHost(String)
  case invalidPort(String)
}

extension EndpointError: CustomStringConvertible {
  /// For people, fit to be shown as it is.
  public var description: String {
    switch self {
    case .missingHost: "There is no host. Write HOST, HOST:PORT or [IPV6]:PORT."
    case .missingBracket: "The \"]\" after the address is missing. Write [IPV6]:PORT."
    case .invalidHost(let host):
      "\"\(DisplayText.sanitize(host))\" is not a host. Write HOST, HOST:PORT or [IPV6]:PORT."
    case .invalidPort(let port):
      "\"\(DisplayText.sanitize(port))\" is not a port. A port is a number from 1 to 65535."
    }
  }
}
