import GRDB
import GRDBSQLite

/// Ends statements early. SQLite asks between the steps of its virtual machine; what takes long within one step, such as
/// a look at the full-text index, has to be cut into pieces by the caller.
enum Interruption {
  /// Steps between two questions: about a tenth of a millisecond.
  private static let steps: Int32 = 2000

  private final class Watch {
    let mustStop: () -> Bool
    init(_ mustStop: @escaping () -> Bool) { self.mustStop = mustStop }
  }

  /// Runs the body, whose statements fail with `SQLITE_INTERRUPT` as soon as they must stop.
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
