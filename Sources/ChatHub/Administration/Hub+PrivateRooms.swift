import ChatProtocol

// Rooms for invited people. Who is not invited cannot come in, read, or see that there are people; nor can operators.

extension Hub {
  private static let maximumOwnedRooms = 50
  private static let maximumGuests = 1000

  func isPrivate(_ room: RoomName) -> Bool { registry.rules(of: room)?.isPrivate == true }

  func isAdmitted(_ speaker: Speaker, to room: RoomName) -> Bool {
    guard let member = speaker.presence?.member else { return !isPrivate(room) }
    return registry.admits(member, to: room)
  }

  mutating func create(
    _ room: RoomName, _ request: Request, _ speaker: Speaker, into actions: inout [HubAction]
  ) throws(RequestError) {
    guard !speaker.isControl else { throw RequestError(.unknownCommand) }
    guard let presence = speaker.presence, let account = account(of: presence) else {
      throw RequestError(.noAccount, request.verb)
    }
    let isThere = rooms[room].map { !$0.isForgettable } ?? false
    guard room != .lobby, !isThere, registry.rules(of: room) == nil else {
      throw RequestError(.roomExists, request.verb)
    }
    guard registry.ownedRooms(of: account.member) < Self.maximumOwnedRooms else {
      throw RequestError(.tooManyRooms, request.verb)
    }
    guard mayEnterMore(speaker.session), rooms.contains(room) || rooms.count < Room.maximumCount else {
      throw RequestError(.tooManyRooms, request.verb)
    }
    // Nobody comes in before it is private.
    var stake = Stake(.change)
    stake.rooms = [room]
    let name = rooms.entry(room)?.key ?? room
    propose(
      [.room(RoomRules(room: name, owner: account.member))], request, speaker, answer: .created(name), stake: stake,
      into: &actions)
  }

  /// Its owner enters a room that was made.
  mutating func enterCreated(
    _ room: RoomName, _ requester: Proposal.Requester, _ speaker: Speaker, into actions: inout [HubAction]
  ) {
    var tags = Tags()
    tags.label = requester.label
    tags.setRoom(room)
    tags.isPrivate = true
    guard let presence = speaker.presence,
      (try? subscribe(speaker.session, presence, to: room, into: &actions)) != nil
    else { return actions.append(.send(speaker.session, .ok(requester.verb), tags)) }
    actions.append(.send(speaker.session, .ok(requester.verb), tags))
    synchronize(Address(room: room), cursor: nil, speaker, presence, into: &actions)
  }

  mutating func invite(
    _ name: Nickname, to room: RoomName, _ request: Request, _ speaker: Speaker, into actions: inout [HubAction]
  ) throws(RequestError) {
    guard !speaker.isControl else { throw RequestError(.unknownCommand) }
    var (rules, isOwn) = try rulesToChange(room, request, speaker)
    guard let account = registry.account(named: name) else { throw RequestError(.noAccount, request.verb) }
    if !rules.admits(account.member) {
      // Operators look after rooms, and do not let themselves in.
      guard account.member != speaker.presence?.member else { throw RequestError(.notOwner, request.verb) }
      guard rules.guests.count < Self.maximumGuests else { throw RequestError(.tooManyGuests, request.verb) }
      rules.guests.insert(account.member)
      var changes: [RegistryChange] = [.room(rules)]
      if !isOwn { changes.append(act(.invite, rules.room.text, account.name.text, by: actor(speaker))) }
      let text = "\(actor(speaker)) invited you to \(rules.room), a private room."
      return propose(changes, request, speaker, effects: [.tell(account.member, text, .rooms)], into: &actions)
    }
    answer(.ok(request.verb), request, speaker.session, into: &actions)
  }

  mutating func uninvite(
    _ name: Nickname, from room: RoomName, _ request: Request, _ speaker: Speaker, into actions: inout [HubAction]
  ) throws(RequestError) {
    var (rules, isOwn) = try rulesToChange(room, request, speaker)
    guard let account = registry.account(named: name), rules.guests.remove(account.member) != nil else {
      throw RequestError(.notFound, request.verb)
    }
    var changes: [RegistryChange] = [.room(rules)]
    if !isOwn { changes.append(act(.uninvite, rules.room.text, account.name.text, by: actor(speaker))) }
    propose(
      changes, request, speaker, effects: [.takeOut(account.member, rules.room, by: actor(speaker))], into: &actions)
  }

  /// - Returns: the rules, and whether the room is one's own.
  private func rulesToChange(
    _ room: RoomName, _ request: Request, _ speaker: Speaker
  ) throws(RequestError) -> (rules: RoomRules, isOwn: Bool) {
    let isOperator = isOperator(speaker)
    guard let rules = registry.rules(of: room), rules.isPrivate else { throw RequestError(.notFound, request.verb) }
    let account = account(of: speaker)
    if let account, rules.owner == account.member { return (rules, true) }
    guard isOperator else {
      throw RequestError(isAdmitted(speaker, to: room) ? .notOwner : .privateRoom, request.verb)
    }
    return (rules, false)
  }

  /// All of somebody's sessions leave the room, and hear why.
  mutating func takeOut(
    _ member: MemberID, of room: RoomName, by name: Nickname, into actions: inout [HubAction]
  ) {
    for id in members[member]?.sessions ?? [] {
      guard let presence = sessions[id]?.presence, sessions[id]?.rooms.remove(room) != nil else { continue }
      sessions[id]?.lag?.rooms[room] = nil
      actions.append(.leave(id, room))
      var tags = Tags()
      tags.setRoom(room)
      if sessions[id]?.dialect.contains(.presence) == true {
        actions.append(.send(id, .left(presence.name, .kicked), tags))
      }
      actions.append(.send(id, .info(.other("\(name) took your invitation to \(room) back.")), tags))
      leave(room, presence, into: &actions)
    }
  }
}
