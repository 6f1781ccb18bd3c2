import ChatProtocol
import ChatRecords

// A room exists as soon as a session joins it, and is forgotten when it has neither members nor messages.

extension Hub {
  /// The room's name as first written.
  /// - Throws: if the caller is not in the room.
  func nameOfJoined(_ room: RoomName, _ caller: Caller) throws(RequestError) -> RoomName {
    if room == .lobby { return .lobby }
    guard sessions[at: caller.place].rooms.contains(room), let entry = rooms.entry(room) else {
      throw RequestError(.notInRoom)
    }
    return entry.key
  }

  mutating func join(_ room: RoomName, _ cursor: Cursor?, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    guard room != .lobby, !sessions[at: turn.caller.place].isIn(room) else {
      return answerJoined(try nameOfJoined(room, turn.caller), cursor, presence, &turn)
    }
    let isNew = !rooms.contains(room)
    if isNew {
      try registry.mustNotBeMuted(turn)
      try rooms.mustBeAllowedToOpen(registry.maker(presence, turn.caller.peer), settings.limits, turn)
    }
    try mustBeAbleToEnter(room, presence.member, sessions[at: turn.caller.place].rooms.count)
    // A message that is being stored was written in a room of this name that is gone.
    if isNew, stores.contains(room) { return decideAgain(afterMessagesIn: room, stake(ofJoining: [room]), &turn) }
    if isNew {
      if let deletion = makeWay(turn) { return propose(deletion, &turn) }
      try mustHaveSpaceForRoom()
    }
    let name = rooms.entry(room)?.key ?? room
    propose(
      Proposal(
        arrival: .room(name, presence.login, of: presence.member), answer: .joined(name, cursor, opens: isNew),
        stake: stake(ofJoining: [room])), &turn)
  }

  mutating func finishJoining(_ room: RoomName, _ cursor: Cursor?, opens: Bool, _ turn: inout Turn) {
    guard let presence = turn.caller.presence else { return }
    if opens {
      rooms.creations.noteOpening(by: registry.maker(presence, turn.caller.peer), settings.limits, at: turn.now)
    }
    let name = rooms.entry(room)?.key ?? room
    subscribe(turn.caller.session, to: name, &turn)
    answerJoined(name, cursor, presence, &turn)
  }

  private mutating func answerJoined(
    _ room: RoomName, _ cursor: Cursor?, _ presence: Session.Presence, _ turn: inout Turn
  ) {
    turn.replyOK {
      $0.setRoom(room)
      if registry.isPrivate(room) { $0.isPrivate = true }
    }
    synchronize(Address(room: room), cursor: cursor, presence, &turn)
  }

  /// Subscribes the session to a room that its login is in.
  mutating func subscribe(_ id: SessionID, to room: RoomName, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    sessions[at: place].rooms.insert(room, rooms.nextSubscription())
    sessions[at: place].lag?.rooms[room] = rooms[room]?.head
    turn.emit(.enter(id, room))
  }

  /// - Parameter count: the number of rooms that the session is in.
  func mustBeAbleToEnter(_ room: RoomName, _ member: MemberID, _ count: Int) throws(RequestError) {
    guard registry.admits(member, to: room) else { throw RequestError(.privateRoom) }
    guard count < Session.maximumRooms else { throw RequestError(.tooManyRooms) }
    if !rooms.contains(room) { try rooms.mustAllowName(room) }
  }

  mutating func part(_ room: RoomName, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    guard room != .lobby else { throw RequestError(.cannotPart) }
    let name = try nameOfJoined(room, turn.caller)
    let effect = SharedChange.Effect.part(name, presence.login, of: presence.member)
    propose(Proposal(answer: .parted(name), effects: [effect], stake: .nothing), &turn)
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

  /// Records that the caller's message was accepted. Messages to other hubs are recorded when the feed brings them.
  mutating func noteWritten(_ message: NewMessage, _ turn: borrowing Turn) {
    guard case .room(let room) = message.conversation, let presence = turn.caller.presence else { return }
    if room != .lobby, rooms.markFounded(room) {
      rooms.creations.noteFounding(by: registry.maker(presence, turn.caller.peer), settings.limits, at: turn.now)
    }
    guard registry.slowness(of: room, for: turn.caller) != nil else { return }
    rooms.slow.note(
      registry.writer(presence, turn.caller.peer), in: room, lines: MessageLines.nonBlankCount(of: message.text),
      key: message.key, at: turn.now)
  }

  /// Records a message from another hub, whose author must wait for the next one here, too.
  mutating func noteWritten(elsewhere message: StoredMessage, in room: RoomName, _ turn: borrowing Turn) {
    guard registry.isSlow(room) else { return }
    let login = people[message.member]?.logins.first?.login
    rooms.slow.note(
      registry.writer(message.member, login), in: room, lines: MessageLines.nonBlankCount(of: message.text), key: nil,
      at: turn.now)
  }
}
