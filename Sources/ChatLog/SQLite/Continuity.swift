import ChatProtocol
import GRDB

/// Whether a log has all that was confirmed to be in it, before a server opens it for writing. A server that began
/// without that would give names that belong to somebody to whoever comes first.
struct Continuity {
  private let directory: LogDirectory
  /// What the last server wrote down.
  private let record: LogRecord?
  /// A server of an earlier version, which wrote nothing down, has kept a log here.
  private let wasUsed: Bool

  init(_ directory: LogDirectory) {
    self.directory = directory
    (record, wasUsed) = LogRecord.read(directory.lock)
  }

  /// - Throws: `LogError` with the cause `vanished`, with advice.
  func check(busyTimeout: Duration) throws(LogError) {
    let held: LogRecord?
    do {
      held = try contents(busyTimeout)
    } catch {
      throw LogError(error, "cannot open", directory.database)
    }
    guard let held else { return try mayBegin() }
    // A log with other epochs was put in its place, and is none of those that lack something.
    guard let record, held.epoch == record.epoch, held.lastID < record.lastID || held.changes < record.changes else {
      return
    }
    throw LogError(
      .vanished,
      "\(directory.database) lacks what was stored last: its newest part, \(directory.writeAheadLog), was removed or cut, "
        + "or it was copied without; put that back, or a copy made with `swiftchat log backup`; to go on with what is "
        + "there, remove \(directory.lock)")
  }

  /// - Returns: what the log holds; nil where there is none, or nothing in it.
  private func contents(_ busyTimeout: Duration) throws -> LogRecord? {
    guard directory.holdsLog, LogFileSizes(directory) != LogFileSizes(database: 0, writeAheadLog: 0) else { return nil }
    return try LogConnections.look(at: directory, busyTimeout: busyTimeout) { database in
      switch try Schema.look(at: database) {
      case .empty: return nil
      // What cannot be compared is the business of who opens it.
      case .foreign, .tooNew: return LogRecord(epoch: "", lastID: 0, changes: 0)
      case .known:
        guard try Schema.hasEpochs(database) else { return LogRecord(epoch: "", lastID: 0, changes: 0) }
        return LogRecord(
          epoch: try EpochTable(database).current()?.text ?? "", lastID: try ConversationTable(database).lastID(),
          changes: try RegistryTables(database).changes())
      }
    }
  }

  /// An empty log may be made where there was none.
  private func mayBegin() throws(LogError) {
    let isEmptied = directory.holdsLog && FileIdentity(of: directory.key) != nil
    guard record != nil || wasUsed || isEmptied else { return }
    throw LogError(
      .vanished,
      "\(directory.database) is gone or empty, and a server has kept messages and names here: put it back, with "
        + "log.sqlite-wal where there is one, or a copy made with `swiftchat log backup`; to start anew, so that every "
        + "name is free again, remove log.sqlite and lock from \(directory.path)")
  }
}
