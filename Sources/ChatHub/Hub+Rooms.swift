import ChatProtocol

// A room exists as soon as a session joins it, and is forgotten when it has neither members nor messages.

extension Hub {
  /// The room's name as first written.
  /// - Throws: if the session is not in the room.
  func nameOfJoined(_ room: RoomName, _ turn: borrowing Turn) throws(RequestError) -> RoomName {
    if room == .lobby { return .lobby }
    guard sessions[turn.caller.session]?.rooms.contains(room) == true, let entry = rooms.entry(room) else {
      throw RequestError(.notInRoom)
    }
    return entry.key
  }

  mutating func join(_ room: RoomName, _ cursor: Cursor?, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    let isNew = !rooms.contains(room)
    let maker = maker(presence, turn.caller.peer)
    if isNew {
      try mustNotBeMuted(turn.caller)
      guard roomCreations.mayOpen(maker, settings.limits, at: turn.now) else {
        throw RequestError(.tooManyRooms, text: "You made many rooms lately; wait before you make another.")
      }
    }
    let name = try subscribe(turn.caller.session, presence, to: room, &turn)
    if isNew { roomCreations.open(maker, settings.limits, at: turn.now) }
    var tags = Tags()
    tags.label = turn.caller.tags.label
    tags.setRoom(name)
    if isPrivate(name) { tags.isPrivate = true }
    turn.send(.ok(.join), tags, to: turn.caller.session)
    synchronize(Address(room: name), cursor: cursor, presence, &turn)
  }

  /// Subscribes the session to the room.
  /// - Returns: the room's name as first written.
  mutating func subscribe(_ id: SessionID, _ presence: Session.Presence, to room: RoomName, _ turn: inout Turn)
    throws(RequestError) -> RoomName
  {
    guard room != .lobby else { return .lobby }
    guard let session = sessions[id] else { return room }
    if session.rooms.contains(room), let entry = rooms.entry(room) { return entry.key }
    guard registry.admits(presence.member, to: room) else { throw RequestError(.privateRoom) }
    guard mayEnterMore(id) else { throw RequestError(.tooManyRooms) }
    if !rooms.contains(room) {
      guard !rooms.contains(lookalikeOf: room) else { throw RequestError(.roomConfusable) }
      try makeWay(&turn)
      rooms.insert(room, Room())
    }
    let name = rooms.entry(room)?.key ?? room
    let isFirst = rooms.update(name) { room in
      room.emptySince = nil
      if room.people.insert(presence.member, 1) { return true }
      room.people.update(presence.member) { $0 += 1 }
      return false
    }
    let subscription = nextSubscription()
    sessions[id]?.rooms.insert(name, subscription)
    sessions[id]?.lag?.rooms[name] = rooms[name]?.head
    if isFirst == true { publish(.joined(presence.name), in: name, &turn) }
    turn.emit(.enter(id, name))
    return name
  }

  func mayEnterMore(_ id: SessionID) -> Bool { sessions[id]?.rooms.count ?? 0 < Session.maximumRooms }

  mutating func part(_ room: RoomName, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    guard room != .lobby else { throw RequestError(.cannotPart) }
    let name = try nameOfJoined(room, turn)
    sessions[turn.caller.session]?.rooms.remove(name)
    sessions[turn.caller.session]?.lag?.rooms[name] = nil
    var tags = Tags()
    tags.label = turn.caller.tags.label
    tags.setRoom(name)
    turn.send(.ok(.part), tags, to: turn.caller.session)
    turn.emit(.leave(turn.caller.session, name))
    leave(name, presence, at: turn.now, &turn)
  }

  /// Removes one of the member's sessions from the room.
  mutating func leave(
    _ room: RoomName, _ presence: Session.Presence, at time: MonotonicTime, _ turn: inout Turn
  ) {
    let isLast = rooms.update(room) { room in
      let left = room.people.update(presence.member) { count in
        count -= 1
        return count
      }
      if left == 0 { room.people.remove(presence.member) }
      if room.people.isEmpty { room.emptySince = time }
      return left == 0
    }
    // For a member who has left the server, the logout is the only announcement.
    if isLast == true, members[presence.member] != nil {
      publish(.left(presence.name, .parted), in: room, &turn)
    }
    if rooms[room]?.isForgettable == true, registry.rules(of: room) == nil { rooms.remove(room) }
  }

  private func publish(_ message: ServerMessage, in room: RoomName, _ turn: inout Turn) {
    var tags = Tags()
    tags.setRoom(room)
    turn.publish(message, tags, in: room)
  }

  // MARK: Listing

  /// The list ends after this many bytes of names and topics, so that it fits into a session's send queue.
  private static let maximumListBytes = 256 * 1024

  /// Lists the requester's rooms before the others.
  mutating func listRooms(_ turn: inout Turn) {
    guard let batch = openBatch(to: turn.caller.address) else { return }
    var lines: [(line: ServerMessage, isPrivate: Bool)] = []
    var bytes = 0
    var hasMore = false
    for isLively in [true, false] {
      for room in rooms.entries {
        let people = room.key == .lobby ? roster.count : room.value.people.count
        guard (people > 0) == isLively else { continue }
        let isPrivate = isPrivate(room.key)
        if isPrivate, !isAdmitted(turn.caller, to: room.key) { continue }
        guard bytes < Self.maximumListBytes else {
          hasMore = true
          break
        }
        let topic = room.value.topic?.text ?? ""
        bytes += Self.lineBytes + room.key.text.utf8.count + topic.utf8.count
        lines.append((.room(room.key, people: people, topic: topic), isPrivate))
      }
    }
    turn.begin(batch, "rooms") { if hasMore { $0.hasMore = true } }
    for (line, isPrivate) in lines { turn.add(line, to: batch) { $0.isPrivate = isPrivate } }
    turn.end(batch)
  }

  /// The approximate size of such a line without name and topic.
  private static let lineBytes = 24
}
