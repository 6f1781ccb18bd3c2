import ChatProtocol
import NIOCore

/// The readers of one room in one dialect group, and the lines published to them that not all of them have received.
///
/// A line is encoded once, into a shared buffer; at the end of the iteration each reader is handed the same bytes.
/// Measured on one loop, that delivers 15 to 100 times as many lines as writing each line to each reader.
///
/// Many readers are served in a sweep over several iterations. A reader receives all that is pending when its turn
/// comes; lines published after that are due to it in the next sweep.
final class RoomChannel {
  let room: RoomName
  private let usesPacketPerLine: Bool
  private(set) var readers: [Reader] = []
  private(set) var pending = PublishedLines()
  /// Whether `settled` may differ from 0 for any reader.
  private var isUneven = false
  private var expectedBytes = RoomChannel.fewBytes

  /// Its index among the room channels with pending lines, in order of their first line.
  var place = 0

  struct Reader {
    let connection: Connection
    /// The end of the pending lines that were handed to the connection or noted for it, or that it is not to get.
    var settled: Int
  }

  /// The first reader that the present sweep has not reached; 0 between two sweeps.
  private var nextReader = 0
  /// The end of the pending lines when the present sweep began: its readers receive at least these.
  private var sweptThrough = 0

  private static let fewBytes = 256

  init(room: RoomName, usesPacketPerLine: Bool) {
    self.room = room
    self.usesPacketPerLine = usesPacketPerLine
  }

  // MARK: Readers

  /// Lines already pending were published before this reader subscribed, and are not sent to it.
  func add(_ reader: Connection) {
    reader.subscriptions.append(Subscription(roomChannel: self, index: readers.count))
    readers.append(Reader(connection: reader, settled: pending.end))
    if !pending.isEmpty { isUneven = true }
  }

  /// Removes the reader, which gets no further lines.
  func remove(_ reader: Connection) {
    guard let place = reader.subscriptions.firstIndex(where: { $0.roomChannel === self }) else { return }
    var gap = reader.subscriptions.remove(at: place).index
    // The readers before `nextReader` remain those that the sweep has reached.
    if gap < nextReader {
      nextReader -= 1
      moveReader(from: nextReader, to: gap)
      gap = nextReader
    }
    moveReader(from: readers.count - 1, to: gap)
    readers.removeLast()
  }

  private func moveReader(from index: Int, to gap: Int) {
    guard index != gap else { return }
    readers[gap] = readers[index]
    readers[gap].connection.moveSubscription(in: self, to: gap)
  }

  /// The reader's place in `readers`; nil if it is not one of them.
  func index(of reader: Connection) -> Int? { reader.subscriptions.first { $0.roomChannel === self }?.index }

  // MARK: Lines

  /// - Parameter run: increases whenever lines of another room are published in between.
  /// - Returns: the number of bytes per reader.
  func append(inRun run: Int, _ write: (inout ByteBuffer) -> Void) -> Int {
    pending.append(inRun: run, expected: expectedBytes, write)
  }

  func owes(_ index: Int) -> Bool { readers[index].settled < pending.end }

  /// The pending lines that the reader has neither received nor noted.
  func due(to index: Int) -> PublishedLines.Slice {
    PublishedLines.Slice(lines: pending, start: readers[index].settled, end: pending.end)
  }

  /// Records that the reader has received or noted all pending lines that it is to get.
  func settle(_ index: Int) {
    readers[index].settled = pending.end
    isUneven = true
  }

  /// Hands the reader the lines that are due to it, unflushed.
  func deliver(to index: Int) {
    guard owes(index) else { return }
    hand(pending.bytes, to: readers[index])
    settle(index)
  }

  private func hand(_ bytes: ByteBuffer, to reader: Reader) {
    if usesPacketPerLine, pending.areFew {
      let due = PublishedLines.Slice(lines: pending, start: reader.settled, end: pending.end)
      for line in due.single { reader.connection.write(line, inPacketOfItsOwn: true) }
    } else if reader.settled == 0 {
      reader.connection.write(bytes)
    } else if let rest = bytes.getSlice(at: reader.settled, length: bytes.writerIndex - reader.settled) {
      reader.connection.write(rest)
    }
  }

  /// Delivers the pending lines to all readers, and flushes. The caller must then call `reset`.
  func flush() {
    let bytes = pending.bytes
    for reader in readers {
      if reader.settled < bytes.writerIndex { hand(bytes, to: reader) }
      reader.connection.flush()
    }
  }

  // MARK: Sweeping

  /// A reader counts once more against the budget for each multiple of this size that is due to it.
  private static let bytesPerReader = 32 * 1024

  /// Serves readers where the last call ended, and flushes them.
  /// - Parameters:
  ///   - budget: the maximum number of readers to serve; reduced by those that were served.
  ///   - deliver: hands the reader at an index what is due to it, unflushed.
  /// - Returns: whether the sweep has reached all readers.
  func sweep(atMost budget: inout Int, _ deliver: (Int) -> Void) -> Bool {
    if nextReader == 0 { sweptThrough = pending.end }
    while nextReader < readers.count {
      guard budget > 0 else { return false }
      let index = nextReader
      nextReader += 1
      guard owes(index) else { continue }
      budget -= 1 + due(to: index).count / Self.bytesPerReader
      deliver(index)
      readers[index].connection.flush()
    }
    return true
  }

  /// Forgets the lines that all readers have received, after a sweep that has reached all of them.
  /// - Returns: whether lines are left, which were published during the sweep.
  func endSweep() -> Bool {
    nextReader = 0
    guard sweptThrough < pending.end else {
      reset()
      return false
    }
    pending = pending.rest(from: sweptThrough)
    for index in readers.indices { readers[index].settled = max(0, readers[index].settled - sweptThrough) }
    isUneven = true
    return true
  }

  /// Clears the pending lines after their delivery.
  func reset() {
    if isUneven {
      for index in readers.indices { readers[index].settled = 0 }
      isUneven = false
    }
    // A slow reader still holds the buffer: the next iteration uses a new one, allocated no larger than needed, so that
    // a few lines never keep the memory of a flood alive.
    expectedBytes = max(Self.fewBytes, pending.end + pending.end / 4)
    // A reader that has left may still have noted lines.
    if isKnownUniquelyReferenced(&pending) { pending.reset() } else { pending = PublishedLines() }
  }
}

/// A reader's place in one room channel.
struct Subscription {
  let roomChannel: RoomChannel
  var index: Int
}

@available(*, unavailable)
extension RoomChannel: Sendable {}
