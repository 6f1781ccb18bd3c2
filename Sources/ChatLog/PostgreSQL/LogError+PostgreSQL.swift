// PostgreSQL's errors in words for the operator.

extension LogError {
  /// - Parameters:
  ///   - attempt: the failed operation, as in `cannot store in`.
  ///   - url: the database.
  init(_ error: PostgresError, _ attempt: String, _ url: PostgresURL) {
    let cause = Cause(error)
    self.init(cause, "\(attempt) \(url): \(Self.explanation(of: error, cause))")
  }

  private static func explanation(of error: PostgresError, _ cause: Cause) -> String {
    let detail = error.state.isEmpty || error.state.hasPrefix("SC") ? error.message : "\(error.message), \(error.state)"
    return switch (cause, error.state.prefix(2)) {
    case (.full, _): "there is no room on the database's disk; it works again when some is freed"
    case (.unreachable, "53"): "the database has no connection left (\(detail)); raise its max_connections"
    case (.unreachable, "57"): "the database is starting or stopping (\(detail))"
    case (.unreachable, _) where error.state == PostgresError.State.idleInTransaction:
      "this server stood still for some seconds (\(detail))"
    case (.unreachable, "25"):
      "the database is read-only, as a standby is (\(detail)); it works again when the primary answers, or when this one "
        + "is promoted"
    case (.readOnly, _): "the user may not do that (\(detail)); see to the user's rights in the database"
    case (.locked, _): "another transaction holds the log (\(detail)); it works again when that one ends"
    case (.misconfigured, "28"): "the database refuses the user (\(detail)); see to user and password"
    case (.corrupt, _): "the database is damaged (\(detail)); see to its own log"
    case (.interrupted, _): "it took too long"
    default: detail
    }
  }
}

extension LogError.Cause {
  init(_ error: PostgresError) {
    switch error.state {
    case "53100": self = .full
    // Out of memory, or of connections, or the server is starting, stopping or was asked to end this connection.
    case "53000", "53200", "53300", "57P01", "57P02", "57P03", "57P05": self = .unreachable
    case "55P03", "40P01", "40001": self = .locked
    // A standby answers in place of the primary.
    case PostgresError.State.readOnly, PostgresError.State.idleInTransaction: self = .unreachable
    case "42501": self = .readOnly
    case PostgresError.State.cancelled: self = .interrupted
    case PostgresError.State.nodeEnded: self = .nodeEnded
    case PostgresError.State.unfinishedImport: self = .misconfigured
    case "3D000": self = .misconfigured
    case "": self = error.isLost ? .unreachable : .other
    case let state:
      switch state.prefix(2) {
      case "08": self = .unreachable
      case "28": self = .misconfigured
      case "XX": self = state == "XX000" ? .other : .corrupt
      default: self = .other
      }
    }
  }
}
