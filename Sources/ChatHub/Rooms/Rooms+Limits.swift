import ChatProtocol
import ChatRecords

// Limits on new rooms, and slow mode: each writer in a room must wait between two messages.

extension Rooms {
  private static let madeMany = "You made many rooms lately; wait before you make another."

  func mustBeAllowedToOpen(
    _ maker: RoomCreations.Maker, _ limits: HubLimits, _ turn: borrowing Turn
  ) throws(RequestError) {
    guard creations.mayOpen(maker, limits, at: turn.now) else { throw RequestError(.tooManyRooms, text: Self.madeMany) }
  }

  func mustBeAllowedToFound(
    _ maker: RoomCreations.Maker, _ limits: HubLimits, _ turn: borrowing Turn
  ) throws(RequestError) {
    guard creations.mayFound(maker, limits, at: turn.now) else {
      throw RequestError(.tooManyRooms, text: Self.madeMany)
    }
  }

  /// - Parameter room: must not be the name of a known room.
  /// - Throws: if no new room may have the name.
  func mustAllowName(_ room: RoomName) throws(RequestError) {
    guard room.isVisible else { throw RequestError(.invalidRoom, text: "Nothing of this name can be seen.") }
    guard room.text.isDrawnWhole else { throw RequestError(.invalidRoom, text: ErrorCode.shapelessName) }
    guard !contains(lookalikeOf: room) else { throw RequestError(.roomConfusable) }
  }

  /// - Parameter slowness: the interval in seconds; nil if the writer need not wait.
  /// - Throws: if the writer must wait before writing to the room again.
  func mustNotBeTooFast(
    _ writer: @autoclosure () -> SlowRooms.Writer, in room: RoomName, every slowness: Int?, key: IdempotencyKey?,
    _ turn: borrowing Turn
  ) throws(RequestError) {
    guard let slowness, let wait = slow.wait(of: writer(), in: room, every: slowness, key: key, at: turn.now) else {
      return
    }
    let text = "\(room) is in slow mode: you may write again in \(Duration.seconds(wait).inWords)."
    throw RequestError(.slowMode, text: text)
  }

  mutating func forget(_ limits: HubLimits, at now: MonotonicTime) {
    slow.forget(at: now)
    invitationNotices.forget(at: now)
    creations.forget(limits, at: now)
  }
}
