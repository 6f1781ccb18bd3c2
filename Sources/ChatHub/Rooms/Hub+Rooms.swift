import ChatProtocol
import ChatRecords

// A room exists as soon as a session joins it, and is forgotten when it has neither members nor messages.

extension Hub {
  /// The room's name as first written.
  /// - Throws: if the caller is not in the room.
  func nameOfJoined(_ room: RoomName, _ caller: Caller) throws(RequestError) -> RoomName {
    if room == .lobby { return .lobby }
    guard sessions[at: caller.place]?.rooms.contains(room) == true, let entry = rooms.entry(room) else {
      throw RequestError(.notInRoom)
    }
    return entry.key
  }

  mutating func join(_ room: RoomName, _ cursor: Cursor?, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    let isNew = !rooms.contains(room)
    let maker = registry.maker(presence, turn.caller.peer)
    if isNew {
      try registry.mustNotBeMuted(turn)
      try rooms.mustBeAllowedToOpen(maker, settings.limits, turn)
      try mustBeAbleToEnter(room, presence, turn.caller.place)
      if let deletion = makeWay(turn) { return propose(deletion, &turn) }
    }
    let name = try subscribe(turn.caller.session, presence, to: room, &turn)
    if isNew { rooms.creations.open(maker, settings.limits, at: turn.now) }
    turn.replyOK {
      $0.setRoom(name)
      if registry.isPrivate(name) { $0.isPrivate = true }
    }
    synchronize(Address(room: name), cursor: cursor, presence, &turn)
  }

  /// Subscribes the session to the room.
  /// - Returns: the room's name as first written.
  mutating func subscribe(
    _ id: SessionID, _ presence: Session.Presence, to room: RoomName, _ turn: inout Turn
  ) throws(RequestError) -> RoomName {
    guard room != .lobby else { return .lobby }
    guard let place = sessions.place(of: id) else { return room }
    if sessions[at: place]?.rooms.contains(room) == true, let entry = rooms.entry(room) { return entry.key }
    try mustBeAbleToEnter(room, presence, place)
    if !rooms.contains(room) {
      try mustHaveSpaceForRoom()
      rooms.insert(room, Room())
    }
    let name = rooms.entry(room)?.key ?? room
    sessions[at: place]?.rooms.insert(name, rooms.join(name, presence, &turn))
    sessions[at: place]?.lag?.rooms[name] = rooms[name]?.head
    turn.emit(.enter(id, name))
    return name
  }

  /// - Parameter place: the session's place in the slot map.
  private func mustBeAbleToEnter(
    _ room: RoomName, _ presence: Session.Presence, _ place: Int
  ) throws(RequestError) {
    guard registry.admits(presence.member, to: room) else { throw RequestError(.privateRoom) }
    guard sessions[at: place]?.mayEnterMore == true else { throw RequestError(.tooManyRooms) }
    if !rooms.contains(room) { try rooms.mustNotBeConfusable(room) }
  }

  mutating func part(_ room: RoomName, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    guard room != .lobby else { throw RequestError(.cannotPart) }
    let name = try nameOfJoined(room, turn.caller)
    sessions[at: turn.caller.place]?.leave(name)
    turn.replyOK { $0.setRoom(name) }
    turn.emit(.leave(turn.caller.session, name))
    leave(name, presence, at: turn.now, &turn)
  }

  /// Removes one of the member's sessions from the room.
  mutating func leave(
    _ room: RoomName, _ presence: Session.Presence, at time: MonotonicTime, _ turn: inout Turn
  ) {
    rooms.leave(
      room, presence, at: time, isPresent: people[presence.member] != nil, isKept: registry.rules(of: room) != nil,
      &turn)
  }

  mutating func listRooms(_ turn: inout Turn) {
    guard let batch = sessions.openBatch(to: turn.caller.address) else { return }
    let listing = rooms.listing(for: turn.caller, peopleCount: people.count, registry)
    turn.begin(batch, "rooms") { if listing.hasMore { $0.hasMore = true } }
    for (line, isPrivate) in listing.lines { turn.add(line, to: batch) { $0.isPrivate = isPrivate } }
    turn.end(batch)
  }

  /// Changes the interval of slow mode; 0 ends it.
  func slow(_ room: RoomName, seconds: Int, _ caller: Caller) throws(RequestError) -> Proposal {
    try registry.requireOperator(caller)
    let rules = registry.rules(of: room)
    guard let name = rooms.entry(room)?.key ?? rules?.room else { throw RequestError(.notFound) }
    guard rules != nil || registry.ruledRooms < Room.maximumCount else { throw RequestError(.tooManyRooms) }
    var changed = rules ?? RoomRules(room: name)
    changed.slowness = min(max(seconds, 0), AdminRequest.longestSlowness)
    let text = changed.slowness == 0 ? "off" : Duration.seconds(changed.slowness).inWords
    return Proposal(
      changes: [.room(changed)], act: ProposedAct(.slow, name.text, text, by: caller.actor), effects: [.forget(name)])
  }

  /// Records that the caller's message was accepted.
  mutating func noteWritten(_ message: NewMessage, _ turn: borrowing Turn) {
    guard case .room(let room) = message.conversation, let presence = turn.caller.presence else { return }
    if rooms[room]?.isFounded == false {
      rooms.update(room) { $0.isFounded = true }
      if room != .lobby {
        rooms.creations.found(registry.maker(presence, turn.caller.peer), settings.limits, at: turn.now)
      }
    }
    guard registry.slowness(of: room, for: turn.caller) != nil else { return }
    rooms.slow.note(registry.writer(presence, turn.caller.peer), in: room, key: message.key, at: turn.now)
  }
}
