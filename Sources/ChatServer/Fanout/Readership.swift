import ChatProtocol
import NIOCore

/// All who read one dialect, by the rooms they are in.
///
/// Whoever is in several rooms reads their lines in the order in which they were published: that somebody came into a
/// room must not be told behind that they left the server. Lines of one room alone are shared as they are; where those
/// of several rooms are due to one reader, they are put together, once for all who are in the same of these rooms.
final class Readership {
  let dialect: Capabilities
  /// Those that have readers.
  private var audiences: [RoomName: Audience] = [:]
  /// Those to whom something was published in this turn, in that order.
  private var pending: [Audience] = []
  private var pendingBytes = 0
  /// To whom the last line went, and how often that changed in this turn.
  private var last: Audience?
  private var run = 0
  /// What was put together since the last line.
  private var mixtures: [[Source]: ByteBuffer] = [:]

  /// A pending audience, and from where on what it has pending is due.
  private struct Source: Hashable, Comparable {
    let place: Int
    let start: Int

    static func < (left: Source, right: Source) -> Bool { left.place < right.place }
  }

  /// More than this is sent before the turn is over: a shared buffer must not outgrow a reader's queue.
  private static let earlyFlush = 128 * 1024

  init(dialect: Capabilities) { self.dialect = dialect }

  // MARK: Readers

  func add(_ reader: Connection, to room: RoomName) {
    let audience = audiences[room] ?? Audience(room: room, dialect: dialect)
    audiences[room] = audience
    if !reader.seats.contains(where: { $0.audience === audience }) { audience.add(reader) }
  }

  /// The reader gets what was published while it was here, unflushed.
  func remove(_ reader: Connection, from room: RoomName) {
    guard let audience = audiences[room] else { return }
    deliver(to: reader)
    remove(reader, from: audience)
  }

  /// The same for all rooms.
  /// - Returns: the rooms that it was in.
  func removeAll(_ reader: Connection) -> [RoomName] {
    deliver(to: reader)
    let left = reader.seats.map(\.audience)
    for audience in left { remove(reader, from: audience) }
    return left.map(\.room)
  }

  private func remove(_ reader: Connection, from audience: Audience) {
    audience.remove(reader)
    if audience.readers.isEmpty { audiences[audience.room] = nil }
  }

  // MARK: Lines

  /// - Returns: how many bytes it is for all readers.
  func publish(in room: RoomName, _ write: (inout ByteBuffer) -> Void) -> Int {
    guard let audience = audiences[room] else { return 0 }
    if audience !== last {
      last = audience
      run += 1
    }
    if audience.pending.readableBytes == 0 {
      audience.place = pending.count
      pending.append(audience)
    }
    if !mixtures.isEmpty { mixtures.removeAll() }
    let bytes = audience.append(inRun: run, write)
    let work = bytes &* audience.readers.count
    pendingBytes += bytes
    if pendingBytes > Self.earlyFlush { flush() }
    return work
  }

  /// Hands the reader what is pending and it has not got yet, unflushed.
  func deliver(to reader: Connection) {
    guard !pending.isEmpty else { return }
    var due: Seat?
    for seat in reader.seats where seat.audience.owes(seat.index) {
      guard due == nil else { return deliverMixture(to: reader) }
      due = seat
    }
    if let due { due.audience.deliver(to: due.index) }
  }

  private func deliverMixture(to reader: Connection) {
    let seats = reader.seats.filter { $0.audience.owes($0.index) }
    let sources = seats.map { seat in
      Source(place: seat.audience.place, start: seat.audience.readers[seat.index].delivered)
    }.sorted()
    for seat in seats { seat.audience.markDelivered(to: seat.index) }
    if let mixture = mixtures[sources] { return reader.write(mixture) }
    let pieces = sources.flatMap { pending[$0.place].pieces(from: $0.start) }.sorted { $0.number < $1.number }
    var mixture = ByteBuffer()
    mixture.reserveCapacity(pieces.reduce(0) { $0 + $1.bytes.readableBytes })
    for var piece in pieces.map(\.bytes) { mixture.writeBuffer(&piece) }
    mixtures[sources] = mixture
    reader.write(mixture)
  }

  /// Hands every reader what it has not got yet, and sends it.
  func flush() {
    guard !pending.isEmpty else { return }
    for audience in pending {
      if pending.count == 1 { audience.flush() } else { flush(audience) }
    }
    for audience in pending { audience.reset() }
    pending.removeAll(keepingCapacity: true)
    pendingBytes = 0
    mixtures.removeAll()
    last = nil
    run = 0
  }

  /// Who is in several of the rooms is served with the first of them.
  private func flush(_ audience: Audience) {
    for index in audience.readers.indices where audience.owes(index) {
      let reader = audience.readers[index].connection
      deliver(to: reader)
      reader.flush()
    }
  }
}

@available(*, unavailable)
extension Readership: Sendable {}
