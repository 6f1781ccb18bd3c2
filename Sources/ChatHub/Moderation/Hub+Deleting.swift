import ChatProtocol
import ChatRecords

// Deleting rooms: by their owners, by operators, and to make space when there are too many.

extension Hub {
  mutating func delete(_ room: RoomName, reason: String, _ turn: inout Turn) throws(RequestError) {
    let owner = registry.rules(of: room)?.owner
    let isOwn = owner != nil && owner == account(of: turn.caller)?.member
    if !isOwn { try requireOperator(turn.caller) }
    guard room != .lobby else {
      throw RequestError(.protected, text: "The lobby stays: everybody is in it, always.")
    }
    guard let name = rooms.entry(room)?.key else { throw RequestError(.notFound) }
    var changes = [RegistryChange.deletion(name)]
    if !isOwn { changes.append(act(.delete, name.text, Self.clean(reason), by: turn.caller.actor)) }
    // Blocks joins, and a new room of the same name, until the room is deleted.
    let stake = Stake(.change, rooms: [name])
    propose(changes, effects: [.empty(name, by: turn.caller.actor)], stake: stake, &turn)
  }

  mutating func takeEverybodyOut(of room: RoomName, by name: Nickname, _ turn: inout Turn) {
    for person in rooms[room]?.people.entries.map(\.key) ?? [] {
      for id in members[person]?.sessions ?? [] {
        guard let presence = sessions[id]?.presence, sessions[id]?.rooms.remove(room) != nil else { continue }
        sessions[id]?.lag?.rooms[room] = nil
        turn.emit(.leave(id, room))
        var tags = Tags()
        tags.setRoom(room)
        if sessions[id]?.dialect.contains(.presence) == true {
          turn.send(.left(presence.name, .kicked), tags, to: id)
        }
        turn.send(.info(.other("\(name) deleted the room \(room).")), tags, to: id)
      }
    }
    rooms.remove(room)
  }

  // MARK: Making space

  /// Removes an abandoned room if the maximum number of rooms is reached.
  /// - Throws: if all rooms are in use.
  mutating func makeWay(_ turn: inout Turn) throws(RequestError) {
    guard rooms.count >= Room.maximumCount else { return }
    let abandoned = rooms.abandoned(at: turn.now) { registry.rules(of: $0) != nil || proposals.isAbout($0) }
    guard let abandoned else {
      throw RequestError(.tooManyRooms, text: "The server has as many rooms as it can; try again later.")
    }
    // If the log cannot store the removal, the room returns at the next server start.
    rooms.remove(abandoned)
    let act = act(.delete, abandoned.text, "made way for a new room", by: .host)
    propose(Proposal(changes: [.deletion(abandoned), act], stake: Stake(rooms: [abandoned])), &turn)
  }

  // MARK: Limits on creation

  func maker(_ presence: Session.Presence, _ peer: Peer?) -> RoomCreations.Maker {
    let addressBlock = peer.flatMap { $0.isHost ? nil : $0.address.map(AddressBlock.init) }
    return RoomCreations.Maker(member: keyHolder(presence)?.member ?? presence.member, addressBlock: addressBlock)
  }

  func mayFound(_ maker: RoomCreations.Maker, _ turn: borrowing Turn) throws(RequestError) {
    guard roomCreations.mayFound(maker, settings.limits, at: turn.now) else {
      throw RequestError(.tooManyRooms, text: "You made many rooms lately; wait before you make another.")
    }
  }
}
