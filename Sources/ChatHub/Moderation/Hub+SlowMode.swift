import ChatProtocol
import ChatRecords

// Slow mode: each writer in the room must wait between two messages.

extension Hub {
  mutating func slow(_ room: RoomName, seconds: Int, _ turn: inout Turn) throws(RequestError) {
    try requireOperator(turn.caller)
    let rules = registry.rules(of: room)
    guard let name = rooms.entry(room)?.key ?? rules?.room else { throw RequestError(.notFound) }
    guard rules != nil || registry.ruledRooms < Room.maximumCount else { throw RequestError(.tooManyRooms) }
    var changed = rules ?? RoomRules(room: name)
    changed.slowness = min(max(seconds, 0), AdminRequest.longestSlowness)
    let text = changed.slowness == 0 ? "off" : Duration.seconds(changed.slowness).inWords
    propose([.room(changed), act(.slow, name.text, text, by: turn.caller.actor)], effects: [.forget(name)], &turn)
  }

  /// - Throws: if the session must wait before writing to the room again.
  func mayWrite(to room: RoomName, key: IdempotencyKey?, _ presence: Session.Presence, _ turn: borrowing Turn)
    throws(RequestError)
  {
    guard let slowness = slowness(of: room, for: turn.caller),
      let wait = slowRooms.wait(
        of: writer(presence, turn.caller.peer), in: room, every: slowness, key: key, at: turn.now)
    else { return }
    let text = "\(room) is in slow mode: you may write again in \(Duration.seconds(wait).inWords)."
    throw RequestError(.slowMode, text: text)
  }

  mutating func noteWritten(_ message: NewMessage, _ turn: borrowing Turn) {
    guard case .room(let room) = message.conversation else { return }
    if rooms[room]?.isFounded == false, let presence = turn.caller.presence {
      rooms.update(room) { $0.isFounded = true }
      if room != .lobby {
        roomCreations.found(maker(presence, turn.caller.peer), settings.limits, at: turn.now)
      }
    }
    guard slowness(of: room, for: turn.caller) != nil,
      let presence = turn.caller.presence
    else { return }
    slowRooms.note(writer(presence, turn.caller.peer), in: room, key: message.key, at: turn.now)
  }

  private func slowness(of room: RoomName, for caller: Caller) -> Int? {
    // Few rooms have any rules: this check is cheap.
    guard registry.ruledRooms > 0, let slowness = registry.rules(of: room)?.slowness, slowness > 0,
      !isOperator(caller)
    else { return nil }
    return slowness
  }
}
