/// Where the server tells how it is: a host and a port.
public struct MetricsAddress: Hashable, Sendable {
  public var host: String
  /// 0: any free one.
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `127.0.0.1:9400`, `localhost:9400`, `[::1]:9400`.
  /// - Returns: nil where it is none: there is no host or no port that goes without saying.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let digits = text[text.index(after: colon)...]
    guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(digits), port <= 65535
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]"), host.contains(":") {
      host = host.dropFirst().dropLast()
    } else if host.contains(where: { ":[]".contains($0) }) {
      return nil
    }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
    self.init(host: String(host), port: port)
  }
}

extension MetricsAddress: CustomStringConvertible {
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// What is told there, and where.
public struct MetricsSettings: Hashable, Sendable {
  public var address: MetricsAddress
  /// Of the program.
  public var version: String

  public init(address: MetricsAddress, version: String) {
    self.address = address
    self.version = version
  }
}
