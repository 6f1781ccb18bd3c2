import ChatDialects
import ChatHub
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
  /// The room channels with lines that not all readers have received, in order of their first line.
  private var pending: [RoomChannel] = []
  private var pendingBytes = 0
  /// Whether a sweep over the readers of `pending` has begun and not ended.
  private(set) var isSweeping = false
  /// The first of `pending` that the sweep has not completed.
  private var nextChannel = 0
  /// The room channel of the last line, and the number of changes of it while lines are pending.
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

  /// The long lists that were encoded last.
  private var lists: [(list: MemberList, bytes: ByteBuffer)] = []
  private static let mostLists = 4

  /// Above this size, further lines should wait until readers have been served. Above `earlyFlush`, all readers would be
  /// served at once.
  private static let mostBytesOfSweep = 64 * 1024

  /// Whether a sweep has so much to send that further lines should wait.
  var isBehind: Bool { isSweeping && pendingBytes >= Self.mostBytesOfSweep }

  /// Above this size, lines are sent before the iteration ends: a shared buffer must not exceed a reader's queue.
  private static let earlyFlush = 128 * 1024

  init(_ form: any SharedForm) { self.form = form }

  // MARK: Readers

  func add(_ reader: Connection, to room: RoomName) {
    let roomChannel = roomChannels[room] ?? RoomChannel(room: room, usesPacketPerLine: form.usesPacketPerLine)
    roomChannels[room] = roomChannel
    if !reader.subscriptions.contains(where: { $0.roomChannel === roomChannel }) { roomChannel.add(reader) }
  }

  /// Notes the lines published so far for the reader, and removes it from the room.
  func remove(_ reader: Connection, from room: RoomName) {
    guard let roomChannel = roomChannels[room] else { return }
    note(for: reader)
    remove(reader, from: roomChannel)
  }

  /// Does the same for all rooms.
  /// - Returns: the rooms that the reader was in.
  func removeAll(_ reader: Connection) -> [RoomName] {
    note(for: reader)
    let left = reader.subscriptions.map(\.roomChannel)
    for roomChannel in left { remove(reader, from: roomChannel) }
    return left.map(\.room)
  }

  private func remove(_ reader: Connection, from roomChannel: RoomChannel) {
    roomChannel.remove(reader)
    if roomChannel.readers.isEmpty { roomChannels[roomChannel.room] = nil }
  }

  // MARK: Lists

  /// The lines of the list, encoded once as long as the list is the same.
  func bytes(of list: MemberList) -> ByteBuffer {
    if let known = lists.first(where: { $0.list === list }) { return known.bytes }
    var bytes = ByteBuffer()
    for line in list.lines where form.knows(line.message) { form.write(line.message, tags: line.tags, into: &bytes) }
    if lists.count >= Self.mostLists { lists.removeFirst() }
    lists.append((list, bytes))
    return bytes
  }

  // MARK: Lines

  /// Whether the reader is in the room, in this group.
  func has(_ reader: Connection, in room: RoomName) -> Bool { roomChannels[room]?.index(of: reader) != nil }

  /// - Parameter absentee: a reader in the room that does not get the line.
  /// - Returns: the number of bytes for all readers together.
  func publish(in room: RoomName, except absentee: Connection? = nil, _ write: (inout ByteBuffer) -> Void) -> Int {
    guard let roomChannel = roomChannels[room] else { return 0 }
    // The absentee gets the earlier lines and those behind this one.
    if let absentee { note(for: absentee) }
    if roomChannel !== last {
      last = roomChannel
      run += 1
    }
    if roomChannel.pending.isEmpty {
      roomChannel.place = pending.count
      pending.append(roomChannel)
    }
    if !mixtures.isEmpty { mixtures.removeAll() }
    let bytes = roomChannel.append(inRun: run, write)
    if let index = absentee.flatMap(roomChannel.index) { roomChannel.settle(index) }
    let work = bytes &* roomChannel.readers.count
    pendingBytes += bytes
    if pendingBytes > Self.earlyFlush { flush() }
    return work
  }

  /// Notes for the reader the pending lines that are due to it, because it gets other output behind them. They are
  /// sent with that output.
  func note(for reader: Connection) {
    guard !pending.isEmpty else { return }
    let due = reader.subscriptions.filter { $0.roomChannel.owes($0.index) }
    if due.count == 1 {
      reader.note(due[0].roomChannel.due(to: due[0].index))
    } else {
      for run in runs(dueIn: due) { reader.note(run) }
    }
    for subscription in due { subscription.roomChannel.settle(subscription.index) }
  }

  /// The lines of several rooms that are due to a reader, in publication order.
  private func runs(dueIn subscriptions: [Subscription]) -> [PublishedLines.Slice] {
    subscriptions.flatMap { $0.roomChannel.pending.runs(from: $0.roomChannel.due(to: $0.index).start) }
      .sorted { $0.number < $1.number }.map(\.slice)
  }

  /// Hands the reader the pending lines that are due to it, unflushed.
  private func deliver(to reader: Connection) {
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
        place: subscription.roomChannel.place, start: subscription.roomChannel.due(to: subscription.index).start)
    }.sorted()
    defer { for subscription in subscriptions { subscription.roomChannel.settle(subscription.index) } }
    if let mixture = mixtures[sources] { return reader.write(mixture) }
    let runs = runs(dueIn: subscriptions)
    var mixture = ByteBuffer()
    mixture.reserveCapacity(runs.reduce(0) { $0 + $1.count })
    for run in runs {
      if let bytes = run.bytes { mixture.writeImmutableBuffer(bytes) }
    }
    mixtures[sources] = mixture
    reader.write(mixture)
  }

  // MARK: Delivery

  /// Delivers the pending lines to all readers, and flushes.
  func flush() {
    var budget = Int.max
    while !flush(atMost: &budget) {}
  }

  /// Delivers the pending lines, to the readers that come next if there are too many for one iteration, and flushes.
  /// - Parameter budget: the maximum number of readers to serve; reduced by those that were served.
  /// - Returns: whether all readers have received all pending lines.
  func flush(atMost budget: inout Int) -> Bool {
    guard !pending.isEmpty else { return true }
    guard isSweeping || pending.reduce(0, { $0 + $1.readers.count }) > budget else {
      deliverToAll(&budget)
      return true
    }
    isSweeping = true
    while nextChannel < pending.count {
      let roomChannel = pending[nextChannel]
      let isSwept = roomChannel.sweep(atMost: &budget) { index in
        if pending.count == 1 {
          roomChannel.deliver(to: index)
        } else {
          deliver(to: roomChannel.readers[index].connection)
        }
      }
      guard isSwept else { return false }
      nextChannel += 1
    }
    endSweep()
    return pending.isEmpty
  }

  private func endSweep() {
    isSweeping = false
    nextChannel = 0
    pending.removeAll { !$0.endSweep() }
    for (place, roomChannel) in pending.enumerated() { roomChannel.place = place }
    mixtures.removeAll()
    pendingBytes = pending.reduce(0) { $0 + $1.pending.end }
    if pending.isEmpty { forgetOrder() }
  }

  private func forgetOrder() {
    last = nil
    run = 0
  }

  private func deliverToAll(_ budget: inout Int) {
    for roomChannel in pending {
      budget -= roomChannel.readers.count
      if pending.count == 1 { roomChannel.flush() } else { flush(roomChannel) }
    }
    for roomChannel in pending { roomChannel.reset() }
    pending.removeAll(keepingCapacity: true)
    pendingBytes = 0
    mixtures.removeAll()
    forgetOrder()
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
