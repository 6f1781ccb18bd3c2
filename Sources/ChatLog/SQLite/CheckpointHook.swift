import GRDB
import GRDBSQLite
import Platform
import Synchronization

/// Runs a checkpoint after a commit that leaves a long write-ahead log. `PRAGMA wal_autocheckpoint` does the same, but
/// ignores all errors, also those after which written data may be lost.
final class CheckpointHook: Sendable {
  private let path: String
  private let pages: Int
  private let fault = Mutex<LogError?>(nil)

  /// - Parameters:
  ///   - path: the database, for error messages.
  ///   - pages: pages of the write-ahead log, 4 KiB each, after which a checkpoint runs.
  init(_ path: String, pages: Int) {
    self.path = path
    self.pages = pages
  }

  /// Replaces the connection's automatic checkpoints. The hook must live as long as the connection.
  func attach(to database: Database) {
    sqlite3_wal_hook(
      database.sqliteConnection,
      { context, connection, name, pages in
        guard let context else { return SQLITE_OK }
        let hook = Unmanaged<CheckpointHook>.fromOpaque(context).takeUnretainedValue()
        if Int(pages) >= hook.pages { hook.runCheckpoint(connection, name) }
        // Any other value would make the commit fail, which has succeeded.
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Runs on the thread that commits, after the commit.
  private func runCheckpoint(_ connection: OpaquePointer?, _ name: UnsafePointer<CChar>?) {
    errno = 0
    let code = sqlite3_wal_checkpoint_v2(connection, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    let number = errno
    guard code != SQLITE_OK else { return }
    let error = NumberedError(error: DatabaseError(resultCode: ResultCode(rawValue: code)), number: number)
    let failure = LogError(error, "cannot empty the write-ahead log of", path)
    // After any other failure, the pages are still in the write-ahead log.
    guard failure.cause == .corrupt || failure.cause == .unsynced else { return }
    fault.withLock { $0 = $0 ?? failure }
  }

  /// - Throws: the error of an earlier checkpoint after which written data may be lost.
  func check() throws(LogError) {
    if let fault = fault.withLock({ $0 }) { throw fault }
  }
}
