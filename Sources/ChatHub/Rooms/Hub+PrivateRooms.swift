import ChatProtocol
import ChatRecords

// Requests to create private rooms and to invite to them. `Registry` decides who may enter.

extension Hub {
  private static let maximumOwnedRooms = 50

  mutating func create(_ room: RoomName, _ turn: inout Turn) throws(RequestError) {
    let account = try registry.requireAccount(turn.caller)
    let presence = try turn.caller.requireLogin()
    try registry.mustNotBeMuted(turn)
    // A message that is being stored would be published in the private room.
    let isThere = rooms[room].map { !$0.isForgettable } ?? false || stores.contains(room)
    guard room != .lobby, !isThere, registry.rules(of: room) == nil else { throw RequestError(.roomExists) }
    guard registry.ownedRooms(of: account.member) < Self.maximumOwnedRooms,
      sessions[at: turn.caller.place].mayEnterMore
    else { throw RequestError(.tooManyRooms) }
    let maker = registry.maker(presence, turn.caller.peer)
    try rooms.mustBeAllowedToFound(maker, settings.limits, turn)
    if !rooms.contains(room) {
      try rooms.mustAllowName(room)
      if let deletion = makeWay(turn) { return propose(deletion, &turn) }
      try mustHaveSpaceForRoom()
    }
    rooms.creations.noteFounding(by: maker, settings.limits, at: turn.now)
    let name = rooms.entry(room)?.key ?? room
    let change = RegistryChange.room(RoomRules(room: name, owner: account.member))
    var stake = stake(ofJoining: [room])
    stake.kind = .change
    // The stake blocks joins until the room is private.
    stake.rooms = [room]
    let arrival = SharedChange.Arrival.room(name, presence.login, of: presence.member)
    propose(Proposal(changes: [change], arrival: arrival, answer: .created(name), stake: stake), &turn)
  }

  /// Subscribes the owner's session to the room that was created.
  mutating func finishCreating(_ room: RoomName, _ turn: inout Turn) {
    subscribe(turn.caller.session, to: room, &turn)
    turn.replyOK {
      $0.setRoom(room)
      $0.isPrivate = true
    }
    if let presence = turn.caller.presence { synchronize(Address(room: room), cursor: nil, presence, &turn) }
  }

  mutating func invite(_ name: Nickname, to room: RoomName, _ turn: inout Turn) throws(RequestError) {
    guard let proposal = try registry.invite(name, to: room, turn) else { return turn.replyOK() }
    if let presence = turn.caller.presence, let account = registry.account(named: name),
      !rooms.invitationNotices.mayNotify(account.member, by: presence.member, at: turn.now)
    {
      let text = "You invited \(account.name) several times lately; wait a few minutes."
      throw RequestError(.tooFast, text: text)
    }
    propose(proposal, &turn)
  }
}
