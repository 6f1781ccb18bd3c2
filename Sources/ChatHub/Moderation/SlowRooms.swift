import ChatProtocol
import DequeModule

/// When each person last wrote to a room that is in slow mode.
struct SlowRooms: Sendable {
  private var last: [Place: Word] = [:]
  /// In the order in which they were said, those among them that others have followed.
  private var order: Deque<Said> = []

  /// Of those beyond, the oldest are forgotten: then somebody need wait less.
  static let maximumWords = 65_536

  /// One whose turns are counted together.
  enum Writer: Hashable, Sendable {
    case member(MemberID)
    /// All guests of an address block, since each may be the same person anew.
    case guests(AddressBlock)
  }

  private struct Place: Hashable, Sendable {
    var room: RoomName
    var writer: Writer
  }

  private struct Word: Sendable {
    var time: MonotonicTime
    var key: IdempotencyKey?
  }

  private struct Said: Sendable {
    var place: Place
    var time: MonotonicTime
  }

  var count: Int { order.count }

  /// - Parameter key: who sends the same again may have it confirmed at any time.
  /// - Returns: how many seconds the writer must still wait; nil: none.
  func wait(
    of writer: Writer, in room: RoomName, every seconds: Int, key: IdempotencyKey?, at now: MonotonicTime
  ) -> Int? {
    guard let word = last[Place(room: room, writer: writer)], key == nil || key != word.key else { return nil }
    let left = word.time + .seconds(seconds) - now
    guard left > .zero else { return nil }
    let (whole, rest) = left.components
    return Int(whole) + (rest > 0 ? 1 : 0)
  }

  mutating func note(_ writer: Writer, in room: RoomName, key: IdempotencyKey?, at now: MonotonicTime) {
    let place = Place(room: room, writer: writer)
    // Sent again: what it waits for is the first one.
    if let word = last[place], key != nil, word.key == key { return }
    if order.count >= Self.maximumWords { removeFirst() }
    last[place] = Word(time: now, key: key)
    order.append(Said(place: place, time: now))
  }

  /// Forgets those that nobody need wait for.
  mutating func forget(at now: MonotonicTime) {
    while let first = order.first, now - first.time >= .seconds(AdminRequest.longestSlowness) { removeFirst() }
  }

  private mutating func removeFirst() {
    guard let first = order.popFirst(), last[first.place]?.time == first.time else { return }
    last[first.place] = nil
  }
}
