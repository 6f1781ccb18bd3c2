import ChatProtocol
import ChatRecords

// Private rooms. An uninvited member cannot join, read or list the members of one; nor can an operator.

extension Hub {
  private static let maximumOwnedRooms = 50
  private static let maximumGuests = 1000

  func isPrivate(_ room: RoomName) -> Bool { registry.rules(of: room)?.isPrivate == true }

  func isAdmitted(_ caller: Caller, to room: RoomName) -> Bool {
    guard let member = caller.presence?.member else { return !isPrivate(room) }
    return registry.admits(member, to: room)
  }

  mutating func create(_ room: RoomName, _ turn: inout Turn) throws(RequestError) {
    guard !turn.caller.isControl else { throw RequestError(.unknownCommand) }
    guard let presence = turn.caller.presence, let account = account(of: presence) else {
      throw RequestError(.noAccount)
    }
    try mustNotBeMuted(turn.caller)
    let isThere = rooms[room].map { !$0.isForgettable } ?? false
    guard room != .lobby, !isThere, registry.rules(of: room) == nil else {
      throw RequestError(.roomExists)
    }
    guard registry.ownedRooms(of: account.member) < Self.maximumOwnedRooms else {
      throw RequestError(.tooManyRooms)
    }
    guard mayEnterMore(turn.caller.session) else { throw RequestError(.tooManyRooms) }
    let maker = maker(presence, turn.caller.peer)
    try mayFound(maker, turn)
    if !rooms.contains(room) {
      guard !rooms.contains(lookalikeOf: room) else { throw RequestError(.roomConfusable) }
      try makeWay(&turn)
    }
    roomCreations.found(maker, settings.limits, at: turn.now)
    // Blocks joins until the room is private.
    let stake = Stake(.change, rooms: [room])
    let name = rooms.entry(room)?.key ?? room
    propose([.room(RoomRules(room: name, owner: account.member))], answer: .created(name), stake: stake, &turn)
  }

  /// The owner's session joins a room that was created.
  mutating func enterCreated(_ room: RoomName, _ turn: inout Turn) {
    let presence = turn.caller.presence
    let entered = presence.flatMap { try? subscribe(turn.caller.session, $0, to: room, &turn) }
    turn.replyOK {
      $0.setRoom(room)
      $0.isPrivate = true
    }
    guard entered != nil, let presence else { return }
    synchronize(Address(room: room), cursor: nil, presence, &turn)
  }

  mutating func invite(_ name: Nickname, to room: RoomName, _ turn: inout Turn) throws(RequestError) {
    guard !turn.caller.isControl else { throw RequestError(.unknownCommand) }
    var (rules, isOwn) = try rulesToChange(room, turn)
    // Operators moderate rooms but cannot invite: the guest could be a second name of their own.
    guard isOwn, let presence = turn.caller.presence else { throw RequestError(.notOwner) }
    try mustNotBeMuted(turn.caller)
    guard let account = registry.account(named: name) else { throw RequestError(.noAccount) }
    if !rules.admits(account.member) {
      guard rules.guests.count < Self.maximumGuests else { throw RequestError(.tooManyGuests) }
      guard invitationNotices.mayNotify(account.member, by: presence.member, at: turn.now) else {
        let text = "You invited \(account.name) several times lately; wait a few minutes."
        throw RequestError(.tooFast, text: text)
      }
      rules.guests.insert(account.member)
      let text = "\(presence.name) invited you to \(rules.room), a private room."
      return propose([.room(rules)], effects: [.tell(account.member, text, .rooms)], &turn)
    }
    turn.replyOK()
  }

  mutating func uninvite(_ name: Nickname, from room: RoomName, _ turn: inout Turn) throws(RequestError) {
    var (rules, isOwn) = try rulesToChange(room, turn)
    guard let account = registry.account(named: name), rules.guests.remove(account.member) != nil else {
      throw RequestError(.notFound)
    }
    var changes: [RegistryChange] = [.room(rules)]
    if !isOwn { changes.append(act(.uninvite, rules.room.text, account.name.text, by: turn.caller.actor)) }
    propose(changes, effects: [.takeOut(account.member, rules.room, by: turn.caller.actor)], &turn)
  }

  /// - Returns: the rules, and whether the requester owns the room.
  private func rulesToChange(_ room: RoomName, _ turn: borrowing Turn) throws(RequestError) -> (
    rules: RoomRules, isOwn: Bool
  ) {
    let isOperator = isOperator(turn.caller)
    guard let rules = registry.rules(of: room), rules.isPrivate else { throw RequestError(.notFound) }
    let account = account(of: turn.caller)
    if let account, rules.owner == account.member { return (rules, true) }
    guard isOperator else {
      throw RequestError(isAdmitted(turn.caller, to: room) ? .notOwner : .privateRoom)
    }
    return (rules, false)
  }

  /// Removes all of a member's sessions from the room, with a notice of the reason.
  mutating func takeOut(_ member: MemberID, of room: RoomName, by name: Nickname, _ turn: inout Turn) {
    for id in members[member]?.sessions ?? [] {
      guard let presence = sessions[id]?.presence, sessions[id]?.rooms.remove(room) != nil else { continue }
      sessions[id]?.lag?.rooms[room] = nil
      turn.emit(.leave(id, room))
      var tags = Tags()
      tags.setRoom(room)
      if sessions[id]?.dialect.contains(.presence) == true {
        turn.send(.left(presence.name, .kicked), tags, to: id)
      }
      turn.send(.info(.other("\(name) took your invitation to \(room) back.")), tags, to: id)
      leave(room, presence, at: turn.now, &turn)
    }
  }
}
