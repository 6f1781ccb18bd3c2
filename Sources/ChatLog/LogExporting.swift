import ChatProtocol
import ChatRecords

/// Access to all messages and acts of a log, while a server writes it or afterwards.
public protocol LogExporting {
  /// Whether a message was ever stored in the room.
  func holds(_ room: RoomName) throws(LogError) -> Bool

  /// Passes the messages to the body in id order, with only a slice in memory.
  /// - Parameter body: returns whether to continue.
  /// - Throws: `LogError`, and errors of the body.
  func export(_ selection: LogArchive.Selection, _ body: (StoredMessage) throws -> Bool) throws

  /// Passes the operators' acts to the body, oldest first, with only a slice in memory.
  /// - Parameters:
  ///   - since: the earliest time.
  ///   - body: returns whether to continue.
  /// - Throws: `LogError`, and errors of the body.
  func exportActs(since: Timestamp?, _ body: (Act) throws -> Bool) throws
}

extension LogArchive: LogExporting {}
