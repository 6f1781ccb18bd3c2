/// A failure of a statement or of a connection, before it is put into words for the operator.
struct PostgresError: Error {
  /// The SQLSTATE; empty if the failure is not the server's.
  var state = ""
  /// The first line of the message of libpq or of the server.
  var message: String
  /// The violated constraint; empty if there is none.
  var constraint = ""
  /// Whether the connection cannot be used any more.
  var isLost = false
  /// Whether the statement may have been carried out all the same: its answer was lost.
  var isInDoubt = false

  static func lost(_ message: String, isInDoubt: Bool) -> PostgresError {
    PostgresError(message: message, isLost: true, isInDoubt: isInDoubt)
  }

  /// SQLSTATE codes that the log reacts to.
  enum State {
    static let uniqueViolation = "23505"
    static let cancelled = "57014"
    /// The client sent nothing for too long within a transaction; for example, its process was stopped.
    static let idleInTransaction = "25P03"

    /// Whether the server ends the session with this error.
    static func ends(_ state: String) -> Bool { state == idleInTransaction || state == "57P01" || state == "57P05" }

    /// A write reached a standby, or a session that may only read.
    static let readOnly = "25006"
    /// Raised by this schema's functions: a conversation was deleted meanwhile.
    static let outdated = "SC001"
    /// Raised by this schema's functions: the node has no row.
    static let nodeEnded = "SC002"
    /// The import of another log has not ended.
    static let unfinishedImport = "SC003"
  }

  /// - Parameters:
  ///   - text: the message of libpq for a failed connection. Of a server's error it contains the SQLSTATE.
  init(connecting text: String) {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "unknown reason"
    self.init(message: line, isLost: true)
    // `… failed: FATAL:  28P01: password authentication failed for user "x"`; the severity may be translated.
    for part in line.split(separator: ":") {
      let word = part.drop { $0 == " " }
      guard word.utf8.count == 5, part.hasPrefix("  "), word.utf8.allSatisfy(Self.isStateByte),
        let range = line.firstRange(of: "  \(word): ")
      else { continue }
      state = String(word)
      message.replaceSubrange(range, with: " ")
      break
    }
  }

  init(
    state: String = "", message: String, constraint: String = "", isLost: Bool = false, isInDoubt: Bool = false
  ) {
    self.state = state
    self.message = message
    self.constraint = constraint
    self.isLost = isLost
    self.isInDoubt = isInDoubt
  }

  init(_ damage: DamagedRow) { self.init(state: "XX001", message: damage.description) }

  private static func isStateByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
}

extension PostgresError {
  static var unfinishedImport: PostgresError {
    PostgresError(
      state: State.unfinishedImport,
      message: "an import has not ended; run `swiftchat log import` again, which goes on with it")
  }
}
