import Platform

/// The address of the metrics server: a host and a port.
public struct MetricsAddress: Hashable, Sendable {
  public var host: String
  /// 0: any free port.
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `127.0.0.1:9400`, `localhost:9400`, `[::1]:9400`.
  /// - Returns: nil if the text has another form; host and port have no defaults.
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
  public var description: String { hostAndPort(host, port) }
}

/// Settings of the metrics server.
public struct MetricsSettings: Hashable, Sendable {
  public var address: MetricsAddress
  /// The version of the program.
  public var version: String

  public init(address: MetricsAddress, version: String) {
    self.address = address
    self.version = version
  }
}
