import ChatDialects
import ChatProtocol
import NIOCore

/// All readers whose shared lines have the same bytes, by room.
///
/// A reader in several rooms gets their lines in publication order: a join must not arrive after the same member's
/// logout. Lines of a single room are shared as they are; where lines of several rooms are due to a reader, they are
/// merged, once for all readers in the same set of these rooms.
final class DialectGroup {
  let form: any SharedForm
  /// The room channels that have readers.
  private var roomChannels: [RoomName: RoomChannel] = [:]
  /// The room channels with lines published in this iteration, in order of their first line.
  private var pending: [RoomChannel] = []
  private var pendingBytes = 0
  /// The room channel of the last line, and the number of changes of it in this iteration.
  private var last: RoomChannel?
  private var run = 0
  /// Merged buffers since the last line.
  private var mixtures: [[BufferSource]: ByteBuffer] = [:]

  /// A pending room channel, and the offset from which its pending bytes are due.
  private struct BufferSource: Hashable, Comparable {
    let place: Int
    let start: Int

    static func < (left: BufferSource, right: BufferSource) -> Bool { left.place < right.place }
  }

  /// Above this size, lines are sent before the iteration ends: a shared buffer must not exceed a reader's queue.
  private static let earlyFlush = 128 * 1024

  init(_ form: any SharedForm) { self.form = form }

  // MARK: Readers

  func add(_ reader: Connection, to room: RoomName) {
    let roomChannel = roomChannels[room] ?? RoomChannel(room: room, usesPacketPerLine: form.usesPacketPerLine)
    roomChannels[room] = roomChannel
    if !reader.subscriptions.contains(where: { $0.roomChannel === roomChannel }) { roomChannel.add(reader) }
  }

  /// Hands the reader the lines published so far, unflushed, and removes it from the room.
  func remove(_ reader: Connection, from room: RoomName) {
    guard let roomChannel = roomChannels[room] else { return }
    deliver(to: reader)
    remove(reader, from: roomChannel)
  }

  /// Does the same for all rooms.
  /// - Returns: the rooms that the reader was in.
  func removeAll(_ reader: Connection) -> [RoomName] {
    deliver(to: reader)
    let left = reader.subscriptions.map(\.roomChannel)
    for roomChannel in left { remove(reader, from: roomChannel) }
    return left.map(\.room)
  }

  private func remove(_ reader: Connection, from roomChannel: RoomChannel) {
    roomChannel.remove(reader)
    if roomChannel.readers.isEmpty { roomChannels[roomChannel.room] = nil }
  }

  // MARK: Lines

  /// Whether the reader is in the room, in this group.
  func has(_ reader: Connection, in room: RoomName) -> Bool { roomChannels[room]?.index(of: reader) != nil }

  /// - Parameter absentee: a reader in the room that does not get the line.
  /// - Returns: the number of bytes for all readers together.
  func publish(in room: RoomName, except absentee: Connection? = nil, _ write: (inout ByteBuffer) -> Void) -> Int {
    guard let roomChannel = roomChannels[room] else { return 0 }
    // The absentee gets the earlier lines now, and shares the bytes again behind this line.
    if let absentee { deliver(to: absentee) }
    if roomChannel !== last {
      last = roomChannel
      run += 1
    }
    if roomChannel.pending.readableBytes == 0 {
      roomChannel.place = pending.count
      pending.append(roomChannel)
    }
    if !mixtures.isEmpty { mixtures.removeAll() }
    let bytes = roomChannel.append(inRun: run, write)
    if let index = absentee.flatMap(roomChannel.index) { roomChannel.markDelivered(to: index) }
    let work = bytes &* roomChannel.readers.count
    pendingBytes += bytes
    if pendingBytes > Self.earlyFlush { flush() }
    return work
  }

  /// Hands the reader its undelivered pending lines, unflushed.
  func deliver(to reader: Connection) {
    guard !pending.isEmpty else { return }
    var due: Subscription?
    for subscription in reader.subscriptions where subscription.roomChannel.owes(subscription.index) {
      guard due == nil else { return deliverMixture(to: reader) }
      due = subscription
    }
    if let due { due.roomChannel.deliver(to: due.index) }
  }

  private func deliverMixture(to reader: Connection) {
    let subscriptions = reader.subscriptions.filter { $0.roomChannel.owes($0.index) }
    let sources = subscriptions.map { subscription in
      BufferSource(
        place: subscription.roomChannel.place, start: subscription.roomChannel.readers[subscription.index].delivered)
    }.sorted()
    for subscription in subscriptions { subscription.roomChannel.markDelivered(to: subscription.index) }
    if let mixture = mixtures[sources] { return reader.write(mixture) }
    let pieces = sources.flatMap { pending[$0.place].pieces(from: $0.start) }.sorted { $0.number < $1.number }
    var mixture = ByteBuffer()
    mixture.reserveCapacity(pieces.reduce(0) { $0 + $1.bytes.readableBytes })
    for var piece in pieces.map(\.bytes) { mixture.writeBuffer(&piece) }
    mixtures[sources] = mixture
    reader.write(mixture)
  }

  /// Delivers the pending lines to all readers, and flushes.
  func flush() {
    guard !pending.isEmpty else { return }
    for roomChannel in pending {
      if pending.count == 1 { roomChannel.flush() } else { flush(roomChannel) }
    }
    for roomChannel in pending { roomChannel.reset() }
    pending.removeAll(keepingCapacity: true)
    pendingBytes = 0
    mixtures.removeAll()
    last = nil
    run = 0
  }

  /// A reader in several of the pending rooms is served with the first of them.
  private func flush(_ roomChannel: RoomChannel) {
    for index in roomChannel.readers.indices where roomChannel.owes(index) {
      let reader = roomChannel.readers[index].connection
      deliver(to: reader)
      reader.flush()
    }
  }
}

@available(*, unavailable)
extension DialectGroup: Sendable {}
