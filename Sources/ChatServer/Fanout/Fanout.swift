import ChatDialects
import ChatHub
import ChatProtocol
import ChatRecords
import NIOCore

/// The subscriptions of all connections, and the output due at the end of this iteration of the event loop.
final class Fanout {
  /// One per form of lines in use; there are few.
  private var dialectGroups: [DialectGroup] = []
  /// The connections with lines of their own, or lines that they have noted, in this iteration.
  private var written: [Connection] = []

  /// The number of readers that are handed published lines in one iteration.
  private let readersPerIteration: ClosedRange<Int>
  /// The number for the next iteration.
  private var readersInNextIteration: Int
  /// Whether there is new output since the last flush.
  private var hasNewOutput = false
  /// The dialect group that the next flush begins with.
  private var nextGroup = 0

  /// - Parameter readersPerIteration: the lower bound applies while each iteration has new output, so that several
  ///   messages reach a reader in one write. While there is none, the number doubles up to the upper bound, because each
  ///   iteration has a cost. Sending to 1,000 readers takes about 10 ms, during which requests wait.
  init(readersPerIteration: ClosedRange<Int> = 100...1000) {
    self.readersPerIteration = readersPerIteration
    readersInNextIteration = readersPerIteration.lowerBound
  }

  /// If at most this many sessions are written to in one iteration, there is time for one packet per line.
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

  /// Ends the subscription. The lines published so far are still delivered.
  func leave(_ room: RoomName, _ reader: Connection) {
    if reader.missedRooms != nil {
      reader.missedRooms?.remove(room)
    } else {
      touch(reader)
      dialectGroup(of: reader).remove(reader, from: room)
    }
  }

  func leaveAll(_ reader: Connection) {
    if reader.missedRooms != nil {
      reader.missedRooms = []
    } else {
      _ = unsubscribe(reader)
    }
  }

  /// Changes the reader's capabilities, and with them the form of its lines.
  func agree(on capabilities: Capabilities, _ reader: Connection) {
    let rooms = reader.subscriptions.isEmpty ? [] : unsubscribe(reader)
    reader.agree(on: capabilities)
    for room in rooms { dialectGroup(of: reader).add(reader, to: room) }
  }

  /// The reader gets no lines until `resume`, except for those published so far.
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
    touch(reader)
    return dialectGroup(of: reader).removeAll(reader)
  }

  /// Marks the reader for sending at the end of the iteration, even if it is in no room any more.
  private func touch(_ reader: Connection) {
    hasNewOutput = true
    guard !reader.isTouched else { return }
    reader.isTouched = true
    written.append(reader)
  }

  private func dialectGroup(of reader: Connection) -> DialectGroup {
    if let known = reader.dialectGroup { return known }
    let group = dialectGroup(for: reader.dialect.sharedForm)
    reader.dialectGroup = group
    return group
  }

  private func dialectGroup(for form: any SharedForm) -> DialectGroup {
    if let known = dialectGroups.first(where: { $0.form.isEqual(to: form) }) { return known }
    let new = DialectGroup(form)
    dialectGroups.append(new)
    return new
  }

  // MARK: Lines

  /// Sends a line to one reader, after everything published before.
  func send(_ message: ServerMessage, tags: Tags, to reader: Connection) {
    touch(reader)
    if !reader.subscriptions.isEmpty { dialectGroup(of: reader).note(for: reader) }
    reader.send(message, tags: tags)
  }

  /// Sends a long list to one reader, after everything published before.
  /// - Returns: the number of bytes.
  func send(_ list: MemberList, to reader: Connection) -> Int {
    touch(reader)
    let group = dialectGroup(of: reader)
    if !reader.subscriptions.isEmpty { group.note(for: reader) }
    let bytes = group.bytes(of: list)
    reader.write(bytes)
    return bytes.readableBytes
  }

  /// - Parameter message: must be one that is `shared`.
  /// - Returns: the number of bytes for all readers together.
  @discardableResult
  func publish(_ message: ServerMessage, tags: Tags, in room: RoomName) -> Int {
    hasNewOutput = true
    var work = 0
    for dialectGroup in dialectGroups where dialectGroup.form.knows(message) {
      work &+= dialectGroup.publish(in: room) { dialectGroup.form.write(message, tags: tags, into: &$0) }
    }
    return work
  }

  /// - Parameter author: the connection that sent the message, and gets it back only if its dialect has echoes; nil if
  ///   that is unknown.
  /// - Returns: the number of bytes for all readers together.
  @discardableResult
  func post(_ message: StoredMessage, in room: RoomName, from author: @autoclosure () -> Connection? = nil) -> Int {
    hasNewOutput = true
    var work = 0
    for dialectGroup in dialectGroups where dialectGroup.form.knows(message) {
      var absentee: Connection?
      if !dialectGroup.form.echoes(message), let author = author(), dialectGroup.has(author, in: room) {
        absentee = author
        touch(author)
      }
      work &+= dialectGroup.publish(in: room, except: absentee) { dialectGroup.form.write(message, into: &$0) }
    }
    return work
  }

  /// Whether requests that may publish further lines should wait for the next iteration.
  var isBehind: Bool { dialectGroups.contains { $0.isBehind } }

  /// Sends the pending output. If there are many readers, several calls are needed to send them the published lines.
  /// Lines for one reader alone are sent at once, behind the lines published before them.
  /// - Parameter continuesSweeps: whether to serve readers that the last call left for later. Pass false if the sockets
  ///   have not been polled since.
  /// - Returns: whether nothing is left for a further call.
  @discardableResult
  func flush(continuesSweeps: Bool = true) -> Bool {
    if hasNewOutput { readersInNextIteration = readersPerIteration.lowerBound }
    hasNewOutput = false
    var budget = readersInNextIteration
    var first: Int?
    for offset in dialectGroups.indices {
      let index = (nextGroup + offset) % dialectGroups.count
      let group = dialectGroups[index]
      let isComplete = !group.isSweeping || continuesSweeps ? group.flush(atMost: &budget) : false
      if !isComplete, first == nil { first = index }
    }
    // The other groups come first, so that one that always has lines does not keep them waiting.
    if continuesSweeps {
      nextGroup = first.map { ($0 + 1) % dialectGroups.count } ?? 0
      readersInNextIteration = min(readersInNextIteration * 2, readersPerIteration.upperBound)
    }
    for reader in written { reader.endIteration() }
    written.removeAll(keepingCapacity: true)
    return first == nil
  }
}

@available(*, unavailable)
extension Fanout: Sendable {}
