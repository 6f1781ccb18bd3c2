import ChatProtocol

// Slow mode: each writer in the room must wait between two messages.

extension Hub {
  mutating func slow(
    _ room: RoomName, seconds: Int, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(context, request.verb)
    let rules = registry.rules(of: room)
    guard let name = rooms.entry(room)?.key ?? rules?.room else { throw RequestError(.notFound, .slow) }
    guard rules != nil || registry.ruledRooms < Room.maximumCount else { throw RequestError(.tooManyRooms, .slow) }
    var changed = rules ?? RoomRules(room: name)
    changed.slowness = min(max(seconds, 0), AdminRequest.longestSlowness)
    let text = changed.slowness == 0 ? "off" : Duration.seconds(changed.slowness).inWords
    propose(
      [.room(changed), act(.slow, name.text, text, by: actor(context))], request, context, effects: [.forget(name)],
      into: &actions)
  }

  /// - Throws: if the session must wait before writing to the room again.
  func mayWrite(
    to room: RoomName, key: IdempotencyKey?, _ presence: Session.Presence, _ request: Request,
    _ context: RequestContext,
    at now: MonotonicTime
  ) throws(RequestError) {
    guard let slowness = slowness(of: room, for: context),
      let wait = slowRooms.wait(of: writer(presence, context), in: room, every: slowness, key: key, at: now)
    else { return }
    let text = "\(room) is in slow mode: you may write again in \(Duration.seconds(wait).inWords)."
    throw RequestError(.slowMode, request.verb, text: text)
  }

  mutating func noteWritten(_ message: NewMessage, _ context: RequestContext, at now: MonotonicTime) {
    guard case .room(let room) = message.conversation else { return }
    if rooms[room]?.isFounded == false, let presence = context.presence {
      rooms.update(room) { $0.isFounded = true }
      if room != .lobby {
        roomCreations.found(maker(presence, sessions[at: context.place]?.peer), settings.limits, at: now)
      }
    }
    guard slowness(of: room, for: context) != nil,
      let presence = context.presence
    else { return }
    slowRooms.note(writer(presence, context), in: room, key: message.key, at: now)
  }

  private func slowness(of room: RoomName, for context: RequestContext) -> Int? {
    // Few rooms have any rules: this check is cheap.
    guard registry.ruledRooms > 0, let slowness = registry.rules(of: room)?.slowness, slowness > 0,
      !isOperator(context)
    else { return nil }
    return slowness
  }
}
