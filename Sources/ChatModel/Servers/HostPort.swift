import ChatProtocol
import Platform

/// A host on which a server runs, and its port.
public struct HostPort: Hashable, Sendable {
  /// Default port of swiftchat's servers.
  public static let defaultPort = 4000

  /// A host name or IP address in canonical form, so that another spelling cannot bypass what is known of the host.
  /// Names are in lower case without the root dot. Addresses are as the system prints them. IPv6 addresses have no
  /// brackets and keep their zone, `fe80::7%enP1s2`; the zone's letter case is preserved.
  public let host: String
  /// 1 to 65535.
  public let port: Int

  /// Reads `HOST`, `HOST:PORT`, `[IPV6]`, `[IPV6]:PORT` or `IPV6`.
  /// - Throws: the error, with a description for display.
  public init(_ text: String) throws(EndpointError) { try self.init(text[...], isInLink: false) }

  /// - Parameter isInLink: the % before a zone is written `%25`, as in every URL (RFC 6874).
  init(_ text: Substring, isInLink: Bool) throws(EndpointError) {
    if text.utf8.first == UInt8(ascii: "[") {
      guard let end = text.firstIndex(of: "]") else { throw .missingBracket }
      let host = text[text.index(after: text.startIndex)..<end]
      guard Self.looksLikeIPv6(host) else { throw .invalidHost(String(host)) }
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.utf8.first == UInt8(ascii: ":") else { throw .invalidPort(String(rest)) }
      try self.init(host: host, port: rest.isEmpty ? nil : rest.dropFirst(), isInLink: isInLink)
    } else {
      let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      switch parts.count {
      case 1: try self.init(host: parts[0], port: nil)
      case 2: try self.init(host: parts[0], port: parts[1])
      default:
        // Two colons or more: an address without a port, because the start of a port would be ambiguous.
        guard Self.looksLikeIPv6(text) else { throw .invalidHost(String(text)) }
        try self.init(host: text, port: nil)
      }
    }
  }

  /// - Throws: `EndpointError` if the host is empty or has an invalid character, or if the port is out of range.
  public init(host: String, port: Int) throws(EndpointError) {
    try self.init(host: host[...], port: String(port)[...])
  }

  private init(host: Substring, port: Substring?, isInLink: Bool = false) throws(EndpointError) {
    self.host = try Self.canonical(host, isInLink: isInLink)
    guard let port else {
      self.port = Self.defaultPort
      return
    }
    let isNumber = port.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard isNumber, let number = Int(port), (1...65535).contains(number) else { throw .invalidPort(String(port)) }
    self.port = number
  }

  private static func canonical(_ text: Substring, isInLink: Bool) throws(EndpointError) -> String {
    let host = text.utf8.last == UInt8(ascii: ".") ? text.dropLast() : text
    guard !host.isEmpty else { throw .missingHost }
    // Only the root's dot is dropped: the rest would be read as another name the next time.
    guard host.utf8.last != UInt8(ascii: ".") else { throw .invalidHost(String(text)) }
    // 253: the longest name that DNS can carry (RFC 1035, 2.3.4).
    guard host.utf8.count <= 253, host.unicodeScalars.allSatisfy(Self.isAllowed) else {
      throw .invalidHost(String(text))
    }
    let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    let address = parts.first.flatMap { IPAddress($0) }
    guard parts.count > 1 else {
      // A host name contains no colon.
      guard address != nil || !host.utf8.contains(UInt8(ascii: ":")) else { throw .invalidHost(String(text)) }
      return address?.description ?? host.lowercased()
    }
    guard let address, address.bytes.count == 16, let zone = zone(parts[1], isInLink: isInLink) else {
      throw .invalidHost(String(text))
    }
    return "\(address)%\(zone)"
  }

  /// An interface name or number (RFC 4007, 11). Outside links, `%25eth0` is accepted too, while `%25` and `%251` are
  /// interfaces with these numbers.
  private static func zone(_ text: Substring, isInLink: Bool) -> Substring? {
    let rest = text.hasPrefix("25") ? text.dropFirst(2) : text
    let isNumber = rest.allSatisfy { $0.isASCII && $0.isNumber }
    let zone = rest.isEmpty || isNumber && !isInLink ? text : rest
    guard !zone.isEmpty, !zone.contains("%"), !zone.contains(":") else { return nil }
    return zone
  }

  /// Names in other scripts are left to the resolver. Characters that are invalid in names, special in URLs, or between
  /// the hosts of a list, are rejected.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return scalar.value > 0x20 && scalar.value != 0x7f && !"/\\@?#[]\"'<>,".unicodeScalars.contains(scalar)
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate: return false
    default: return true
    }
  }

  /// Digits, colons, dots and possibly a zone (RFC 4007, 11); the system decides whether it is a valid address.
  private static func looksLikeIPv6(_ text: Substring) -> Bool {
    let address = text.prefix { $0 != "%" }
    return address.utf8.count { $0 == UInt8(ascii: ":") } >= 2
      && address.allSatisfy { $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") }
  }
}

extension HostPort: CustomStringConvertible {
  /// `host:port`, or `[address]:port`.
  public var description: String { hostAndPort(host, port) }
}
