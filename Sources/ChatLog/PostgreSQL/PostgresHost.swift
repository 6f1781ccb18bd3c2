import CPostgres

/// One of several hosts in the URL of a database.
///
/// libpq goes on to the next host when one refuses the connection, but has no time limit for a connection that does not
/// block. Therefore each host is tried in a connection of its own.
struct PostgresHost {
  /// Keywords of libpq, and their values.
  let options: [(keyword: String, value: String)]

  /// - Returns: an empty list if the URL has one host or none. `PostgresLibrary` must be loaded.
  static func list(in url: PostgresURL) -> [PostgresHost] {
    let values = ["host", "hostaddr", "port"].map { ($0, self.values(of: $0, in: url)) }
    let count = max(values[0].1.count, values[1].1.count)
    guard count > 1 else { return [] }
    return (0..<count).map { index in
      PostgresHost(
        options: values.compactMap { keyword, values in
          // One port is that of all hosts.
          let value = values.count == 1 ? values.first : index < values.count ? values[index] : nil
          return value.map { (keyword, $0) }
        })
    }
  }

  private static func values(of keyword: String, in url: PostgresURL) -> [String] {
    var buffer = [CChar](repeating: 0, count: 8192)
    guard cpq_option(url.secretText, keyword, &buffer, buffer.count) != 0 else { return [] }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

extension PostgresError {
  /// Whether another host may accept what this one did not: it did not answer, is starting up or shutting down, or is
  /// not the kind of server that the URL asks for.
  var mayDifferOnOtherHost: Bool { state.isEmpty || state.hasPrefix("57P") }
}
