import ChatProtocol
import GRDB

/// Checks that a log contains everything confirmed to be in it, before a program opens it for writing. With records
/// missing, a server would give owned names to the first client that asks for them. Any program that made tables in an
/// empty database would hide from the next server that it was emptied.
struct Continuity {
  private let directory: LogDirectory
  /// The record written by the last server.
  private let record: LogRecord?
  /// A server of an earlier version, which wrote no record, has kept a log here.
  private let wasUsed: Bool

  init(_ directory: LogDirectory) {
    self.directory = directory
    (record, wasUsed) = LogRecord.read(directory.lock)
  }

  /// - Parameter mayBegin: whether an empty log is allowed where none existed before.
  /// - Throws: `LogError` with cause `vanished` and advice for the operator.
  func check(mayBegin: Bool = true, busyTimeout: Duration) throws(LogError) {
    let held: LogRecord?
    do {
      held = try contents(busyTimeout)
    } catch {
      throw LogError(error, "cannot open", directory.database)
    }
    guard let held else {
      try mustBeUnused()
      // A file that cannot be seen is reported when it is opened.
      guard mayBegin || !directory.holdsLog else { throw LogError(.other, "there is no log in \(directory.path)") }
      return
    }
    // A log with other epochs was put in place; it does not count as incomplete.
    guard let record, held.epoch == record.epoch, held.lastID < record.lastID || held.changes < record.changes else {
      return
    }
    throw LogError(
      .vanished,
      "\(directory.database) lacks what was stored last: its newest part, \(directory.writeAheadLog), was removed or cut, "
        + "or it was copied without; put that back; \(LogError.restoration(of: directory.database)); to go on with "
        + "what is there, remove \(directory.lock)")
  }

  /// - Returns: the contents of the log; nil if there is no log, or an empty one.
  private func contents(_ busyTimeout: Duration) throws -> LogRecord? {
    guard directory.holdsLog, LogFileSizes(directory) != LogFileSizes(database: 0, writeAheadLog: 0) else { return nil }
    return try LogConnections.look(at: directory, busyTimeout: busyTimeout) { database in
      switch try Schema.look(at: database) {
      case .empty: return nil
      // Logs that cannot be compared are checked when they are opened.
      case .foreign, .tooNew, .newerTextRule: return LogRecord(epoch: "", lastID: 0, changes: 0)
      case .known:
        guard try Schema.hasEpochs(database) else { return LogRecord(epoch: "", lastID: 0, changes: 0) }
        return LogRecord(
          epoch: try EpochTable(database).current()?.text ?? "", lastID: try ConversationTable(database).lastID(),
          changes: try RegistryTables(database).changes())
      }
    }
  }

  /// Allows an empty log only where none existed before.
  private func mustBeUnused() throws(LogError) {
    let isEmptied = directory.holdsLog && FileIdentity(of: directory.key) != nil
    guard record != nil || wasUsed || isEmptied else { return }
    throw LogError(
      .vanished,
      "\(directory.database) is gone or empty, and a server has kept messages and names here: put it back, with "
        + "log.sqlite-wal where there is one; \(LogError.restoration(of: directory.database)); to start anew, so that "
        + "every name is free again, remove log.sqlite and lock from \(directory.path)")
  }
}
