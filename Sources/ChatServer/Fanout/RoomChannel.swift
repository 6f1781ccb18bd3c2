import ChatProtocol
import NIOCore

/// Those who are in one room and read one dialect, and what was published to them in this turn of the event loop.
///
/// A line is written once, into a buffer that all share; at the end of the turn each reader is handed the same bytes.
/// Measured on one loop, that delivers 15 to 100 times as many lines as writing to each reader for each line.
final class RoomChannel {
  let room: RoomName
  let dialect: Capabilities
  private(set) var readers: [Reader] = []
  private(set) var pending = ByteBuffer()
  /// Which pieces of `pending` were published without anything else in between.
  private var runs: [Run] = []
  /// Where the lines of `pending` end, while there are few.
  private var lineEnds: [Int] = []
  private var lines = 0
  /// Whether any reader has been handed a part of what is pending.
  private var isUneven = false
  private var expectedBytes = RoomChannel.fewBytes

  /// Its place among the room channels that have something pending: the order in which they came to it.
  var place = 0

  struct Reader {
    let connection: Connection
    /// How many of the pending bytes it has been handed.
    var delivered: Int
  }

  private struct Run {
    let number: Int
    let start: Int
  }

  /// A part of what is pending. Pieces of all room channels are in the order of their numbers.
  struct Piece {
    let number: Int
    let bytes: ByteBuffer
  }

  /// While no more lines than this come in one turn, a plain reader gets each in a packet of its own: there are clients
  /// that take what one read returns for one line.
  private static let fewLines = 4
  private static let fewBytes = 256

  init(room: RoomName, dialect: Capabilities) {
    self.room = room
    self.dialect = dialect
  }

  // MARK: Readers

  /// What is pending already was published before this reader came, and is not for it.
  func add(_ reader: Connection) {
    reader.subscriptions.append(Subscription(roomChannel: self, index: readers.count))
    readers.append(Reader(connection: reader, delivered: pending.writerIndex))
    if pending.writerIndex > 0 { isUneven = true }
  }

  /// What the reader has not got yet, it does not get.
  func remove(_ reader: Connection) {
    guard let place = reader.subscriptions.firstIndex(where: { $0.roomChannel === self }) else { return }
    let index = reader.subscriptions.remove(at: place).index
    let last = readers.removeLast()
    guard last.connection !== reader else { return }
    readers[index] = last
    last.connection.moveSubscription(in: self, to: index)
  }

  // MARK: Lines

  /// - Parameter run: grows whenever something else is published in between.
  /// - Returns: how many bytes it is for each reader.
  func append(inRun run: Int, _ write: (inout ByteBuffer) -> Void) -> Int {
    if pending.readableBytes == 0 { pending.reserveCapacity(expectedBytes) }
    if runs.last?.number != run { runs.append(Run(number: run, start: pending.writerIndex)) }
    let start = pending.writerIndex
    write(&pending)
    lines += 1
    if lines <= Self.fewLines { lineEnds.append(pending.writerIndex) }
    return pending.writerIndex - start
  }

  func owes(_ index: Int) -> Bool { readers[index].delivered < pending.writerIndex }

  /// Hands the reader what is pending and it has not got yet, unflushed.
  func deliver(to index: Int) {
    let reader = readers[index]
    guard reader.delivered < pending.writerIndex else { return }
    markDelivered(to: index)
    hand(pending, to: reader)
  }

  private func hand(_ pending: ByteBuffer, to reader: Reader) {
    if isQuiet {
      var start = reader.delivered
      for end in lineEnds where end > start {
        if let line = pending.getSlice(at: start, length: end - start) {
          reader.connection.write(line, inPacketOfItsOwn: true)
        }
        start = end
      }
    } else if reader.delivered == 0 {
      reader.connection.write(pending)
    } else if let rest = pending.getSlice(at: reader.delivered, length: pending.writerIndex - reader.delivered) {
      reader.connection.write(rest)
    }
  }

  private var isQuiet: Bool { dialect.isEmpty && lines <= Self.fewLines }

  /// The reader was handed what is pending by somebody else.
  func markDelivered(to index: Int) {
    readers[index].delivered = pending.writerIndex
    isUneven = true
  }

  /// What is pending from there on, in pieces, for somebody to put into order with others.
  func pieces(from start: Int) -> [Piece] {
    runs.indices.compactMap { index in
      let end = index + 1 < runs.count ? runs[index + 1].start : pending.writerIndex
      let start = max(start, runs[index].start)
      guard start < end, let bytes = pending.getSlice(at: start, length: end - start) else { return nil }
      return Piece(number: runs[index].number, bytes: bytes)
    }
  }

  /// Hands every reader what it has not got yet, and sends it. `reset` is due.
  func flush() {
    let pending = pending
    for reader in readers {
      if reader.delivered < pending.writerIndex { hand(pending, to: reader) }
      reader.connection.flush()
    }
  }

  /// Everybody has got what was pending.
  func reset() {
    if isUneven {
      for index in readers.indices { readers[index].delivered = 0 }
      isUneven = false
    }
    // Who reads slowly still holds the bytes: the next turn's go into a buffer of their own, no larger than needed, so
    // that a few lines never keep the room of a flood alive.
    expectedBytes = max(Self.fewBytes, pending.writerIndex + pending.writerIndex / 4)
    pending = ByteBuffer()
    runs.removeAll(keepingCapacity: true)
    lineEnds.removeAll(keepingCapacity: true)
    lines = 0
  }
}

/// A reader's place in one room channel.
struct Subscription {
  let roomChannel: RoomChannel
  var index: Int
}

@available(*, unavailable)
extension RoomChannel: Sendable {}
