import ChatProtocol
import ChatRecords
import NIOCore

/// The subscriptions of all connections, and the output due at the end of this turn of the event loop.
final class Fanout {
  /// One per dialect in use; there are few.
  private var dialectGroups: [DialectGroup] = []
  /// The connections with lines of their own in this turn.
  private var written: [Connection] = []

  /// If at most this many sessions are written to in one turn, there is time for one packet per line.
  private static let quietSessions = 32
  var isQuiet: Bool { written.count <= Self.quietSessions }

  // MARK: Readers

  func enter(_ room: RoomName, _ reader: Connection) {
    if reader.missedRooms != nil {
      reader.missedRooms?.insert(room)
    } else {
      dialectGroup(of: reader).add(reader, to: room)
    }
  }

  /// Delivers the lines published so far, and ends the subscription.
  func leave(_ room: RoomName, _ reader: Connection) {
    if reader.missedRooms != nil {
      reader.missedRooms?.remove(room)
    } else {
      dialectGroup(of: reader).remove(reader, from: room)
      touch(reader)
    }
  }

  func leaveAll(_ reader: Connection) {
    if reader.missedRooms != nil {
      reader.missedRooms = []
    } else {
      _ = unsubscribe(reader)
    }
  }

  /// Changes the reader's dialect.
  func agree(on dialect: Capabilities, _ reader: Connection) {
    let rooms = reader.subscriptions.isEmpty ? [] : unsubscribe(reader)
    reader.dialect = dialect
    for room in rooms { dialectGroup(of: reader).add(reader, to: room) }
  }

  /// Delivers the lines published so far; the reader then gets none until `resume`.
  func suspend(_ reader: Connection) {
    guard reader.missedRooms == nil else { return }
    reader.missedRooms = Set(unsubscribe(reader))
  }

  func resume(_ reader: Connection) {
    guard let rooms = reader.missedRooms else { return }
    reader.missedRooms = nil
    for room in rooms { dialectGroup(of: reader).add(reader, to: room) }
  }

  /// - Returns: the rooms that the reader was in.
  private func unsubscribe(_ reader: Connection) -> [RoomName] {
    guard !reader.subscriptions.isEmpty else { return [] }
    defer { touch(reader) }
    return dialectGroup(of: reader).removeAll(reader)
  }

  /// Marks the reader for sending at the end of the turn, even if it is in no room any more.
  private func touch(_ reader: Connection) { written.append(reader) }

  private func dialectGroup(of reader: Connection) -> DialectGroup {
    let dialect = reader.dialect.intersection(SharedLine.allCapabilities)
    if let known = dialectGroups.first(where: { $0.dialect == dialect }) { return known }
    let new = DialectGroup(dialect: dialect)
    dialectGroups.append(new)
    return new
  }

  // MARK: Lines

  /// Sends a line to one reader, after everything published before.
  func send(_ message: ServerMessage, tags: Tags, to reader: Connection) {
    if !reader.subscriptions.isEmpty { dialectGroup(of: reader).deliver(to: reader) }
    if reader.send(message, tags: tags) { touch(reader) }
  }

  /// - Parameter message: must be one that is `shared`.
  /// - Returns: the number of bytes for all readers together.
  @discardableResult
  func publish(_ message: ServerMessage, tags: Tags, in room: RoomName) -> Int {
    var work = 0
    for dialectGroup in dialectGroups where message.isKnown(in: dialectGroup.dialect) {
      work &+= dialectGroup.publish(in: room) { message.write(into: &$0, for: dialectGroup.dialect, tags: tags) }
    }
    return work
  }

  /// - Returns: the number of bytes for all readers together.
  @discardableResult
  func post(_ message: StoredMessage, in room: RoomName) -> Int {
    var work = 0
    for dialectGroup in dialectGroups where message.isKnown(in: dialectGroup.dialect) {
      work &+= dialectGroup.publish(in: room) { message.write(into: &$0, for: dialectGroup.dialect) }
    }
    return work
  }

  /// Sends all pending output.
  func flush() {
    for dialectGroup in dialectGroups { dialectGroup.flush() }
    for reader in written { reader.endTurn() }
    written.removeAll(keepingCapacity: true)
  }
}

@available(*, unavailable)
extension Fanout: Sendable {}
