import ChatProtocol
import NIOCore

/// Who hears what, and what is to be sent at the end of this turn of the event loop.
final class Fanout {
  /// One for each dialect that anybody speaks; there are few.
  private var dialectGroups: [DialectGroup] = []
  /// Those with lines of their own in this turn.
  private var written: [Connection] = []

  /// What makes a difference to how a line reads that several are sent. Lines that know of the others' capabilities are
  /// for one session alone.
  private static let audible: Capabilities = [.tags, .presence, .rooms, .moderation]

  /// While no more sessions than this are written to in one turn, there is time for a packet a line.
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

  /// The reader gets what was published while it was here.
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
      _ = takeAway(reader)
    }
  }

  /// The reader speaks this dialect from now on.
  func agree(on dialect: Capabilities, _ reader: Connection) {
    let rooms = reader.subscriptions.isEmpty ? [] : takeAway(reader)
    reader.dialect = dialect
    for room in rooms { dialectGroup(of: reader).add(reader, to: room) }
  }

  /// The reader gets what was published up to now, and then nothing until `resume`.
  func suspend(_ reader: Connection) {
    guard reader.missedRooms == nil else { return }
    reader.missedRooms = Set(takeAway(reader))
  }

  func resume(_ reader: Connection) {
    guard let rooms = reader.missedRooms else { return }
    reader.missedRooms = nil
    for room in rooms { dialectGroup(of: reader).add(reader, to: room) }
  }

  /// - Returns: the rooms that it was in.
  private func takeAway(_ reader: Connection) -> [RoomName] {
    guard !reader.subscriptions.isEmpty else { return [] }
    defer { touch(reader) }
    return dialectGroup(of: reader).removeAll(reader)
  }

  /// What it was handed is sent at the end of the turn, also where it is in no room any more.
  private func touch(_ reader: Connection) { written.append(reader) }

  private func dialectGroup(of reader: Connection) -> DialectGroup {
    let dialect = reader.dialect.intersection(Self.audible)
    if let known = dialectGroups.first(where: { $0.dialect == dialect }) { return known }
    let new = DialectGroup(dialect: dialect)
    dialectGroups.append(new)
    return new
  }

  // MARK: Lines

  /// To one reader, behind all that was published before.
  func send(_ message: ServerMessage, tags: Tags, to reader: Connection) {
    if !reader.subscriptions.isEmpty { dialectGroup(of: reader).deliver(to: reader) }
    if reader.send(message, tags: tags) { touch(reader) }
  }

  /// - Returns: how many bytes it is for all readers.
  @discardableResult
  func publish(_ message: ServerMessage, tags: Tags, in room: RoomName) -> Int {
    var work = 0
    for dialectGroup in dialectGroups where message.isKnown(in: dialectGroup.dialect) {
      work &+= dialectGroup.publish(in: room) { message.write(into: &$0, for: dialectGroup.dialect, tags: tags) }
    }
    return work
  }

  /// - Returns: how many bytes it is for all readers.
  @discardableResult
  func post(_ message: StoredMessage, in room: RoomName) -> Int {
    var work = 0
    for dialectGroup in dialectGroups where message.isKnown(in: dialectGroup.dialect) {
      work &+= dialectGroup.publish(in: room) { message.write(into: &$0, for: dialectGroup.dialect) }
    }
    return work
  }

  /// Sends everybody what is for them.
  func flush() {
    for dialectGroup in dialectGroups { dialectGroup.flush() }
    for reader in written { reader.endTurn() }
    written.removeAll(keepingCapacity: true)
  }
}

@available(*, unavailable)
extension Fanout: Sendable {}
