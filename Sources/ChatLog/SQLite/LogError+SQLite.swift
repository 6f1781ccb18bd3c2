import GRDB
import GRDBSQLite
import Platform

// System and SQLite errors in words for the operator.

/// An error of SQLite with the number of the system call that failed. GRDB closes a connection that it could not open, and
/// the number is lost with it.
struct NumberedError: Error {
  let error: DatabaseError
  /// The system's error number; 0 if no call failed.
  let number: Int32
}

extension Database {
  /// Runs the body on this connection and adds the system's error number to an error of SQLite.
  func numberingErrors<Result>(_ body: () throws -> Result) throws -> Result {
    errno = 0
    do {
      return try body()
    } catch let error as DatabaseError {
      // The thread's number, because some versions of SQLite do not keep that of a failed commit.
      throw NumberedError(error: error, number: errno)
    }
  }
}

extension LogError {
  /// - Parameters:
  ///   - number: the system's error number.
  ///   - attempt: the failed operation, as in `cannot create /var/lib/x`.
  init(_ number: Int32, _ attempt: String) {
    let reason = String(cString: strerror(number))
    switch Cause(errorNumber: number) {
    case .full: self.init(.full, "\(attempt): there is no room on the disk; it works again when some is freed")
    case .readOnly: self.init(.readOnly, "\(attempt): \(reason)")
    default: self.init(.other, "\(attempt): \(reason)")
    }
  }

  /// - Parameters:
  ///   - attempt: the failed operation, as in `cannot store in`.
  ///   - file: path of the database.
  init(_ error: any Error, _ attempt: String, _ file: String) {
    if let error = error as? LogError {
      self = error
      return
    }
    if let damage = error as? DamagedRow {
      self.init(.corrupt, "\(attempt) \(file): \(damage.description)")
      return
    }
    let numbered = error as? NumberedError
    guard let failure = numbered?.error ?? error as? DatabaseError else {
      self.init(.other, "\(attempt) \(file): \(error)")
      return
    }
    // SQLite does not say why it could not open a file.
    if failure.resultCode == .SQLITE_CANTOPEN, access(file, R_OK) != 0, errno == EACCES {
      self.init(
        .readOnly,
        "\(attempt) \(file): no permission; the user who runs the server must own it, and other commands need this "
          + "user or root")
      return
    }
    let cause = Cause(failure, errorNumber: numbered?.number ?? 0)
    self.init(cause, "\(attempt) \(file): \(cause.explanation(of: failure, in: file))")
  }

  /// Advice for the operator. SQLite would carry a former write-ahead log over into the copy.
  /// - Parameter database: path of the database.
  static func restoration(of database: String) -> String {
    "to restore a copy made with `swiftchat log backup`, stop the server, remove \(database)-wal and \(database)-shm, "
      + "and put the copy in place of \(database)"
  }
}

extension LogError.Cause {
  init(errorNumber: Int32) {
    switch errorNumber {
    case ENOSPC, EDQUOT, EFBIG: self = .full
    case EROFS, EACCES, EPERM: self = .readOnly
    default: self = .other
    }
  }

  init(_ error: DatabaseError, errorNumber: Int32) {
    switch error.resultCode {
    case .SQLITE_FULL: self = .full
    case .SQLITE_INTERRUPT: self = .interrupted
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .locked
    case .SQLITE_READONLY: self = error.extendedResultCode == .SQLITE_READONLY_DBMOVED ? .vanished : .readOnly
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: self = .corrupt
    case .SQLITE_IOERR, .SQLITE_CANTOPEN:
      // Unreadable data may be lost.
      let corrupting: [ResultCode] = [
        .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_CORRUPTFS, .SQLITE_IOERR_DATA,
      ]
      // After a failed fsync, Linux takes the pages for written, and the next fsync succeeds without them.
      let unsynced: [ResultCode] = [.SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC]
      if corrupting.contains(error.extendedResultCode) {
        self = .corrupt
      } else if unsynced.contains(error.extendedResultCode) {
        self = .unsynced
      } else {
        self = Self(errorNumber: errorNumber)
      }
    default: self = .other
    }
  }

  fileprivate func explanation(of error: DatabaseError, in file: String) -> String {
    let words = error.message ?? "SQLite says \(error.extendedResultCode.rawValue)"
    let detail = "\(words), \(error.extendedResultCode.rawValue)"
    return switch self {
    case .full: "there is no room on the disk; it works again when some is freed"
    case .locked: "another program holds the database (\(detail)); it works again when that one lets go"
    case .readOnly: "it cannot be written (\(detail)); see to its owner, its permissions and how the disk is mounted"
    case .corrupt:
      "it is damaged, or no log (\(detail)); `swiftchat log verify` says more; \(LogError.restoration(of: file))"
    case .unsynced: "the disk did not keep what was written (\(detail)); see to the disk"
    case .interrupted: "it took too long"
    case .tooNew, .vanished, .unreachable, .nodeEnded, .misconfigured, .other: detail
    }
  }

  /// Whether a new connection may succeed where this one failed.
  var callsForNewConnection: Bool {
    switch self {
    case .full, .locked, .unsynced, .tooNew, .vanished, .interrupted, .unreachable, .nodeEnded, .misconfigured: false
    case .readOnly, .corrupt, .other: true
    }
  }
}
