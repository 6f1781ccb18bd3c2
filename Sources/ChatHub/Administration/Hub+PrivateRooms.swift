import ChatProtocol

// Private rooms. An uninvited member cannot join, read or list the members of one; nor can an operator.

extension Hub {
  private static let maximumOwnedRooms = 50
  private static let maximumGuests = 1000

  func isPrivate(_ room: RoomName) -> Bool { registry.rules(of: room)?.isPrivate == true }

  func isAdmitted(_ context: RequestContext, to room: RoomName) -> Bool {
    guard let member = context.presence?.member else { return !isPrivate(room) }
    return registry.admits(member, to: room)
  }

  mutating func create(
    _ room: RoomName, _ request: Request, _ context: RequestContext, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    guard !context.isControl else { throw RequestError(.unknownCommand) }
    guard let presence = context.presence, let account = account(of: presence) else {
      throw RequestError(.noAccount, request.verb)
    }
    try mustNotBeMuted(context, request.verb)
    let isThere = rooms[room].map { !$0.isForgettable } ?? false
    guard room != .lobby, !isThere, registry.rules(of: room) == nil else {
      throw RequestError(.roomExists, request.verb)
    }
    guard registry.ownedRooms(of: account.member) < Self.maximumOwnedRooms else {
      throw RequestError(.tooManyRooms, request.verb)
    }
    guard mayEnterMore(context.session) else { throw RequestError(.tooManyRooms, request.verb) }
    let maker = maker(presence, sessions[at: context.place]?.peer)
    try mayFound(maker, request.verb, at: now)
    if !rooms.contains(room) {
      guard !rooms.contains(lookalikeOf: room) else { throw RequestError(.roomConfusable, request.verb) }
      try makeWay(request.verb, at: now, into: &actions)
    }
    roomCreations.found(maker, settings.limits, at: now)
    // Blocks joins until the room is private.
    var stake = Stake(.change)
    stake.rooms = [room]
    let name = rooms.entry(room)?.key ?? room
    propose(
      [.room(RoomRules(room: name, owner: account.member))], request, context, answer: .created(name), stake: stake,
      into: &actions)
  }

  /// The owner's session joins a room that was created.
  mutating func enterCreated(
    _ room: RoomName, _ requester: Proposal.Requester, _ context: RequestContext, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) {
    var tags = Tags()
    tags.label = requester.label
    tags.setRoom(room)
    tags.isPrivate = true
    guard let presence = context.presence,
      (try? subscribe(context.session, presence, to: room, at: now, into: &actions)) != nil
    else { return actions.append(.send(context.session, .ok(requester.verb), tags)) }
    actions.append(.send(context.session, .ok(requester.verb), tags))
    synchronize(Address(room: room), cursor: nil, context, presence, into: &actions)
  }

  mutating func invite(
    _ name: Nickname, to room: RoomName, _ request: Request, _ context: RequestContext, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    guard !context.isControl else { throw RequestError(.unknownCommand) }
    var (rules, isOwn) = try rulesToChange(room, request, context)
    // Operators moderate rooms but cannot invite: the guest could be a second name of their own.
    guard isOwn, let presence = context.presence else { throw RequestError(.notOwner, request.verb) }
    try mustNotBeMuted(context, request.verb)
    guard let account = registry.account(named: name) else { throw RequestError(.noAccount, request.verb) }
    if !rules.admits(account.member) {
      guard rules.guests.count < Self.maximumGuests else { throw RequestError(.tooManyGuests, request.verb) }
      guard invitationNotices.mayNotify(account.member, by: presence.member, at: now) else {
        let text = "You invited \(account.name) several times lately; wait a few minutes."
        throw RequestError(.tooFast, request.verb, text: text)
      }
      rules.guests.insert(account.member)
      let text = "\(presence.name) invited you to \(rules.room), a private room."
      return propose([.room(rules)], request, context, effects: [.tell(account.member, text, .rooms)], into: &actions)
    }
    answer(.ok(request.verb), request, context.session, into: &actions)
  }

  mutating func uninvite(
    _ name: Nickname, from room: RoomName, _ request: Request, _ context: RequestContext,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    var (rules, isOwn) = try rulesToChange(room, request, context)
    guard let account = registry.account(named: name), rules.guests.remove(account.member) != nil else {
      throw RequestError(.notFound, request.verb)
    }
    var changes: [RegistryChange] = [.room(rules)]
    if !isOwn { changes.append(act(.uninvite, rules.room.text, account.name.text, by: actor(context))) }
    propose(
      changes, request, context, effects: [.takeOut(account.member, rules.room, by: actor(context))], into: &actions)
  }

  /// - Returns: the rules, and whether the requester owns the room.
  private func rulesToChange(
    _ room: RoomName, _ request: Request, _ context: RequestContext
  ) throws(RequestError) -> (rules: RoomRules, isOwn: Bool) {
    let isOperator = isOperator(context)
    guard let rules = registry.rules(of: room), rules.isPrivate else { throw RequestError(.notFound, request.verb) }
    let account = account(of: context)
    if let account, rules.owner == account.member { return (rules, true) }
    guard isOperator else {
      throw RequestError(isAdmitted(context, to: room) ? .notOwner : .privateRoom, request.verb)
    }
    return (rules, false)
  }

  /// Removes all of a member's sessions from the room, with a notice of the reason.
  mutating func takeOut(
    _ member: MemberID, of room: RoomName, by name: Nickname, at now: MonotonicTime, into actions: inout [HubAction]
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
      leave(room, presence, at: now, into: &actions)
    }
  }
}
