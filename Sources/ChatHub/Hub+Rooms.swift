import ChatProtocol

// A room exists as soon as a session joins it, and is forgotten when it has neither members nor messages.

extension Hub {
  /// The room's name as first written.
  /// - Throws: if the session is not in the room.
  func nameOfJoined(_ room: RoomName, _ context: RequestContext, _ verb: Verb?) throws(RequestError) -> RoomName {
    if room == .lobby { return .lobby }
    guard sessions[context.session]?.rooms.contains(room) == true, let entry = rooms.entry(room) else {
      throw RequestError(.notInRoom, verb)
    }
    return entry.key
  }

  mutating func join(
    _ room: RoomName, _ cursor: Cursor?, _ request: Request, _ context: RequestContext, _ presence: Session.Presence,
    at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    let isNew = !rooms.contains(room)
    let maker = maker(presence, sessions[at: context.place]?.peer)
    if isNew {
      try mustNotBeMuted(context, .join)
      guard roomCreations.mayOpen(maker, settings.limits, at: now) else {
        throw RequestError(.tooManyRooms, .join, text: "You made many rooms lately; wait before you make another.")
      }
    }
    let name = try subscribe(context.session, presence, to: room, at: now, into: &actions)
    if isNew { roomCreations.open(maker, settings.limits, at: now) }
    var tags = Tags()
    tags.label = request.tags.label
    tags.setRoom(name)
    if isPrivate(name) { tags.isPrivate = true }
    actions.append(.send(context.session, .ok(.join), tags))
    synchronize(Address(room: name), cursor: cursor, context, presence, into: &actions)
  }

  /// Subscribes the session to the room.
  /// - Returns: the room's name as first written.
  mutating func subscribe(
    _ id: SessionID, _ presence: Session.Presence, to room: RoomName, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) throws(RequestError) -> RoomName {
    guard room != .lobby else { return .lobby }
    guard let session = sessions[id] else { return room }
    if session.rooms.contains(room), let entry = rooms.entry(room) { return entry.key }
    guard registry.admits(presence.member, to: room) else { throw RequestError(.privateRoom, .join) }
    guard mayEnterMore(id) else { throw RequestError(.tooManyRooms, .join) }
    if !rooms.contains(room) {
      guard !rooms.contains(lookalikeOf: room) else { throw RequestError(.roomConfusable, .join) }
      try makeWay(.join, at: now, into: &actions)
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
    if isFirst == true { publish(.joined(presence.name), in: name, into: &actions) }
    actions.append(.enter(id, name))
    return name
  }

  func mayEnterMore(_ id: SessionID) -> Bool { sessions[id]?.rooms.count ?? 0 < Session.maximumRooms }

  mutating func part(
    _ room: RoomName, _ request: Request, _ context: RequestContext, _ presence: Session.Presence,
    at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    guard room != .lobby else { throw RequestError(.cannotPart, .part) }
    let name = try nameOfJoined(room, context, .part)
    sessions[context.session]?.rooms.remove(name)
    sessions[context.session]?.lag?.rooms[name] = nil
    var tags = Tags()
    tags.label = request.tags.label
    tags.setRoom(name)
    actions.append(.send(context.session, .ok(.part), tags))
    actions.append(.leave(context.session, name))
    leave(name, presence, at: now, into: &actions)
  }

  /// Removes one of the member's sessions from the room.
  mutating func leave(
    _ room: RoomName, _ presence: Session.Presence, at now: MonotonicTime, into actions: inout [HubAction]
  ) {
    let isLast = rooms.update(room) { room in
      let left = room.people.update(presence.member) { count in
        count -= 1
        return count
      }
      if left == 0 { room.people.remove(presence.member) }
      if room.people.isEmpty { room.emptySince = now }
      return left == 0
    }
    // For a member who has left the server, the logout is the only announcement.
    if isLast == true, members[presence.member] != nil {
      publish(.left(presence.name, .parted), in: room, into: &actions)
    }
    if rooms[room]?.isForgettable == true, registry.rules(of: room) == nil { rooms.remove(room) }
  }

  private func publish(_ message: ServerMessage, in room: RoomName, into actions: inout [HubAction]) {
    var tags = Tags()
    tags.setRoom(room)
    actions.append(.publish(message, in: room, tags))
  }

  // MARK: Listing

  /// The list ends after this many bytes of names and topics, so that it fits into a session's send queue.
  private static let maximumListBytes = 256 * 1024

  /// Lists the requester's rooms before the others.
  mutating func listRooms(_ request: Request, _ context: RequestContext, into actions: inout [HubAction]) {
    guard let batch = sessions[context.session]?.nextBatch() else { return }
    var lines: [(line: ServerMessage, isPrivate: Bool)] = []
    var bytes = 0
    var hasMore = false
    for isLively in [true, false] {
      for room in rooms.entries {
        let people = room.key == .lobby ? roster.count : room.value.people.count
        guard (people > 0) == isLively else { continue }
        let isPrivate = isPrivate(room.key)
        if isPrivate, !isAdmitted(context, to: room.key) { continue }
        guard bytes < Self.maximumListBytes else {
          hasMore = true
          break
        }
        let topic = room.value.topic?.text ?? ""
        bytes += Self.lineBytes + room.key.text.utf8.count + topic.utf8.count
        lines.append((.room(room.key, people: people, topic: topic), isPrivate))
      }
    }
    var tags = Tags()
    tags.label = request.tags.label
    if hasMore { tags.hasMore = true }
    actions.append(.send(context.session, .batchStart(reference: batch, kind: "rooms"), tags))
    tags = Tags()
    tags.batch = batch
    for (line, isPrivate) in lines {
      tags.isPrivate = isPrivate
      actions.append(.send(context.session, line, tags))
    }
    actions.append(.send(context.session, .batchEnd(reference: batch), Tags()))
  }

  /// The approximate size of such a line without name and topic.
  private static let lineBytes = 24
}
