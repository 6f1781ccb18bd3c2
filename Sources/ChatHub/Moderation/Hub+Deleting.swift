import ChatProtocol

// Deleting rooms: by their owners, by operators, and to make space when there are too many.

extension Hub {
  mutating func delete(
    _ room: RoomName, reason: String, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    let owner = registry.rules(of: room)?.owner
    let isOwn = owner != nil && owner == account(of: context)?.member
    if !isOwn { try requireOperator(context, request.verb) }
    guard room != .lobby else {
      throw RequestError(.protected, request.verb, text: "The lobby stays: everybody is in it, always.")
    }
    guard let name = rooms.entry(room)?.key else { throw RequestError(.notFound, request.verb) }
    var changes = [RegistryChange.deletion(name)]
    if !isOwn { changes.append(act(.delete, name.text, Self.clean(reason), by: actor(context))) }
    var stake = Stake(.change)
    // Blocks joins, and a new room of the same name, until the room is deleted.
    stake.rooms = [name]
    propose(changes, request, context, effects: [.empty(name, by: actor(context))], stake: stake, into: &actions)
  }

  mutating func takeEverybodyOut(of room: RoomName, by name: Nickname, into actions: inout [HubAction]) {
    for person in rooms[room]?.people.entries.map(\.key) ?? [] {
      for id in members[person]?.sessions ?? [] {
        guard let presence = sessions[id]?.presence, sessions[id]?.rooms.remove(room) != nil else { continue }
        sessions[id]?.lag?.rooms[room] = nil
        actions.append(.leave(id, room))
        var tags = Tags()
        tags.setRoom(room)
        if sessions[id]?.dialect.contains(.presence) == true {
          actions.append(.send(id, .left(presence.name, .kicked), tags))
        }
        actions.append(.send(id, .info(.other("\(name) deleted the room \(room).")), tags))
      }
    }
    rooms.remove(room)
  }

  // MARK: Making space

  /// Removes an abandoned room if the maximum number of rooms is reached.
  /// - Throws: if all rooms are in use.
  mutating func makeWay(
    _ verb: Verb?, at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    guard rooms.count >= Room.maximumCount else { return }
    let abandoned = rooms.abandoned(at: now) { registry.rules(of: $0) != nil || proposals.isAbout($0) }
    guard let abandoned else {
      throw RequestError(.tooManyRooms, verb, text: "The server has as many rooms as it can; try again later.")
    }
    // If the log cannot store the removal, the room returns at the next server start.
    rooms.remove(abandoned)
    var stake = Stake(.none)
    stake.rooms = [abandoned]
    let act = act(.delete, abandoned.text, "made way for a new room", by: .host)
    propose(Proposal(changes: [.deletion(abandoned), act], stake: stake), into: &actions)
  }

  // MARK: Limits on creation

  func maker(_ presence: Session.Presence, _ peer: Peer?) -> RoomCreations.Maker {
    let addressBlock = peer.flatMap { $0.isHost ? nil : $0.address.map(AddressBlock.init) }
    return RoomCreations.Maker(member: keyHolder(presence)?.member ?? presence.member, addressBlock: addressBlock)
  }

  func mayFound(_ maker: RoomCreations.Maker, _ verb: Verb?, at now: MonotonicTime) throws(RequestError) {
    guard roomCreations.mayFound(maker, settings.limits, at: now) else {
      throw RequestError(.tooManyRooms, verb, text: "You made many rooms lately; wait before you make another.")
    }
  }
}
