/// The address of a database as a URL that libpq understands: `postgresql://user@host/database?sslmode=verify-full`.
///
/// Its description never contains a password.
public struct PostgresURL: Hashable, Sendable {
  /// The URL, with its password if it has one. Only for libpq, and for settings that it is written back to.
  public let secretText: String

  private static let schemes = ["postgresql://", "postgres://"]
  /// The parameters that are shown; any other one may be a password.
  private static let shown: Set<Substring> = ["sslmode", "host", "port", "dbname", "user", "target_session_attrs"]

  /// - Returns: nil if the text does not begin as the URL of a PostgreSQL database, or contains a control character.
  public init?(_ text: String) {
    guard Self.schemes.contains(where: text.hasPrefix), text.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
      return nil
    }
    secretText = text
  }

  /// Whether libpq would take a part of the password for a host, a port or a database, and name it in its errors: the
  /// password contains an `@` or a `/` as it is.
  var hasUnencodedPassword: Bool {
    let (at, colon) = (UInt8(ascii: "@"), UInt8(ascii: ":"))
    let (slash, question) = (UInt8(ascii: "/"), UInt8(ascii: "?"))
    let scheme = Self.schemes.first(where: secretText.hasPrefix) ?? ""
    var rest = secretText.utf8.dropFirst(scheme.utf8.count)
    // For libpq, user and password end at the first `@`, unless a `/` comes first; hosts and path end at a `?`.
    let user = rest.prefix { $0 != at && $0 != slash }
    let afterUser = rest.dropFirst(user.count)
    if afterUser.first == at { rest = afterUser.dropFirst() }
    let hosts = rest.prefix { $0 != slash && $0 != question }
    let path = rest.dropFirst(hosts.count).prefix { $0 != question }
    if hosts.contains(at) { return true }
    guard path.contains(at) else { return false }
    // Without a colon there is no password, and the database has an `@` in its name.
    guard user.contains(colon) || hosts.contains(colon) else { return false }
    // The same is true if only ports follow the colons, and no further `/` follows in the path.
    return afterUser.first == at || path.dropFirst().contains(slash) || !Self.havePorts(hosts)
  }

  /// Whether nothing but ports follows the colons of hosts.
  private static func havePorts(_ hosts: Substring.UTF8View) -> Bool {
    let bracket = UInt8(ascii: "]")
    return hosts.split(separator: UInt8(ascii: ",")).allSatisfy { host in
      // Colons within brackets are those of an IPv6 address.
      let rest = host.contains(bracket) ? host.drop { $0 != bracket } : host
      return rest.drop { $0 != UInt8(ascii: ":") }.dropFirst()
        .allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
  }
}

extension PostgresURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String {
    let scheme = Self.schemes.first(where: secretText.hasPrefix) ?? ""
    var place = secretText.dropFirst(scheme.count)
    var user = ""
    // A password that was not encoded may contain any character, also an `@`.
    if let end = place.lastIndex(of: "@") {
      let name = place[..<end].prefix { $0 != ":" }
      if name.allSatisfy({ $0 != "/" && $0 != "?" }) { user = "\(name)@" }
      place = place[place.index(after: end)...]
    }
    let parts = place.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let parameters = (parts.count > 1 ? parts[1] : "").split(separator: "&").filter { parameter in
      Self.shown.contains(parameter.prefix { $0 != "=" })
    }
    let query = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
    return "\(scheme)\(user)\(parts.first ?? "")\(query)"
  }

  public var debugDescription: String { description }

  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
