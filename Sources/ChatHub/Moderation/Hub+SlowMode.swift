import ChatProtocol

// In a room in slow mode everybody waits between two messages.

extension Hub {
  mutating func slow(
    _ room: RoomName, seconds: Int, _ request: Request, _ speaker: Speaker, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(speaker, request.verb)
    let rules = registry.rules(of: room)
    guard let name = rooms.entry(room)?.key ?? rules?.room else { throw RequestError(.notFound, .slow) }
    guard rules != nil || registry.ruledRooms < Room.maximumCount else { throw RequestError(.tooManyRooms, .slow) }
    var changed = rules ?? RoomRules(room: name)
    changed.slowness = min(max(seconds, 0), AdminRequest.longestSlowness)
    let text = changed.slowness == 0 ? "off" : Duration.seconds(changed.slowness).inWords
    propose(
      [.room(changed), act(.slow, name.text, text, by: actor(speaker))], request, speaker, effects: [.forget(name)],
      into: &actions)
  }

  /// - Throws: where the speaker must wait before writing to the room again.
  func mayWrite(
    to room: RoomName, key: SendKey?, _ presence: Session.Presence, _ request: Request, _ speaker: Speaker,
    at now: MonotonicTime
  ) throws(RequestError) {
    guard let slowness = slowness(of: room, for: speaker),
      let wait = slowRooms.wait(of: writer(presence, speaker), in: room, every: slowness, key: key, at: now)
    else { return }
    let text = "\(room) is in slow mode: you may write again in \(Duration.seconds(wait).inWords)."
    throw RequestError(.slowMode, request.verb, text: text)
  }

  mutating func noteWritten(_ message: NewMessage, _ speaker: Speaker, at now: MonotonicTime) {
    guard case .room(let room) = message.conversation else { return }
    if rooms[room]?.isFounded == false, let presence = speaker.presence {
      rooms.update(room) { $0.isFounded = true }
      if room != .lobby {
        roomCreations.found(maker(presence, sessions[at: speaker.place]?.peer), settings.limits, at: now)
      }
    }
    guard slowness(of: room, for: speaker) != nil,
      let presence = speaker.presence
    else { return }
    slowRooms.note(writer(presence, speaker), in: room, key: message.key, at: now)
  }

  private func slowness(of room: RoomName, for speaker: Speaker) -> Int? {
    // Few rooms have any rules.
    guard registry.ruledRooms > 0, let slowness = registry.rules(of: room)?.slowness, slowness > 0,
      !isOperator(speaker)
    else { return nil }
    return slowness
  }
}
