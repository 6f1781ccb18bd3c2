import CPostgres

/// PostgreSQL's client library, libpq.
enum PostgresLibrary {
  /// - Throws: `LogError` if the library is not installed.
  static func load() throws(LogError) {
    guard let reason = cpq_load() else { return }
    throw missing(String(cString: reason))
  }

  /// Tries to load the library under another name.
  static func tryLoading(_ name: String) throws(LogError) {
    var reason = [CChar](repeating: 0, count: 512)
    guard cpq_can_load(name, &reason, reason.count) == 0 else { return }
    throw missing(String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  private static func missing(_ reason: String) -> LogError {
    LogError(
      .misconfigured,
      "PostgreSQL's client library is missing: install libpq5 (Debian, Ubuntu) or libpq (Fedora, Alpine, Homebrew) "
        + "(\(reason))")
  }
}
