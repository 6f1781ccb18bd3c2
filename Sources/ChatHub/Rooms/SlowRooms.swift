import ChatProtocol
import ChatRecords
import DequeModule

/// When each writer last wrote to a room in slow mode.
struct SlowRooms: Sendable {
  private var last: [Place: LastMessage] = [:]
  /// In the order of writing, including messages that have been followed by later ones.
  private var order: Deque<WrittenMessage> = []

  /// The maximum number of entries; above it the oldest are forgotten, which only shortens a wait.
  static let maximumEntries = 65_536

  /// A person or group whose messages are counted together.
  enum Writer: Hashable, Sendable {
    case member(MemberID)
    /// All guests of an address block: a guest could otherwise log in anew for each message.
    case guests(AddressBlock)
  }

  private struct Place: Hashable, Sendable {
    var room: RoomName
    var writer: Writer
  }

  private struct LastMessage: Sendable {
    var time: MonotonicTime
    /// The lines of the message: each one counts as a message, so that joining them does not shorten the wait.
    var lines: Int
    var key: IdempotencyKey?
  }

  private struct WrittenMessage: Sendable {
    var place: Place
    var time: MonotonicTime
    var lines: Int
  }

  var count: Int { order.count }

  /// - Parameter key: repeating the last message with the same key is allowed at any time.
  /// - Returns: the seconds that the writer must still wait; nil for none.
  func wait(
    of writer: Writer, in room: RoomName, every seconds: Int, key: IdempotencyKey?, at now: MonotonicTime
  ) -> Int? {
    guard let earlier = last[Place(room: room, writer: writer)], key == nil || key != earlier.key else { return nil }
    let left = earlier.time + .seconds(seconds) * earlier.lines - now
    guard left > .zero else { return nil }
    let (whole, rest) = left.components
    return Int(whole) + (rest > 0 ? 1 : 0)
  }

  /// - Parameter lines: the number of lines that others get.
  mutating func note(
    _ writer: Writer, in room: RoomName, lines: Int = 1, key: IdempotencyKey?, at now: MonotonicTime
  ) {
    let lines = min(max(lines, 1), MessageLines.maximum)
    let place = Place(room: room, writer: writer)
    // A repeated message: the wait is counted from the first one.
    if let earlier = last[place], key != nil, earlier.key == key { return }
    if order.count >= Self.maximumEntries { removeFirst() }
    last[place] = LastMessage(time: now, lines: lines, key: key)
    order.append(WrittenMessage(place: place, time: now, lines: lines))
  }

  /// Forgets entries older than the longest possible wait.
  mutating func forget(at now: MonotonicTime) {
    while let first = order.first, now - first.time >= .seconds(AdminRequest.longestSlowness) * first.lines {
      removeFirst()
    }
  }

  private mutating func removeFirst() {
    guard let first = order.popFirst(), last[first.place]?.time == first.time else { return }
    last[first.place] = nil
  }
}
