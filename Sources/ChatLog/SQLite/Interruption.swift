import GRDB
import GRDBSQLite

/// Ends statements early. SQLite calls back between steps of its virtual machine; the caller has to split work that
/// takes long within one step, such as a query of the full-text index.
enum Interruption {
  /// Steps between two callbacks: about 0.1 ms.
  private static let steps: Int32 = 2000

  private final class Watch {
    let mustStop: () -> Bool
    init(_ mustStop: @escaping () -> Bool) { self.mustStop = mustStop }
  }

  /// Runs the body. Its statements fail with `SQLITE_INTERRUPT` as soon as `mustStop` returns true.
  static func watch<Result>(
    _ database: Database, until mustStop: @escaping () -> Bool, _ body: () throws -> Result
  ) throws -> Result {
    let watch = Watch(mustStop)
    let connection = database.sqliteConnection
    sqlite3_progress_handler(
      connection, steps,
      { context in
        guard let context else { return 0 }
        return Unmanaged<Watch>.fromOpaque(context).takeUnretainedValue().mustStop() ? 1 : 0
      }, Unmanaged.passUnretained(watch).toOpaque())
    defer { sqlite3_progress_handler(connection, 0, nil, nil) }
    return try withExtendedLifetime(watch) { try body() }
  }
}

extension Error {
  var isInterruption: Bool { (self as? DatabaseError)?.resultCode == .SQLITE_INTERRUPT }
}
