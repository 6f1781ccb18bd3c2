import ChatProtocol
import ChatRecords

// Access to private rooms. Neither an uninvited member nor an operator can join one, read it or list its members.

extension Registry {
  private static let maximumGuests = 1000

  func isPrivate(_ room: RoomName) -> Bool { rules(of: room)?.isPrivate == true }

  /// Whether the caller may know of the room.
  func admits(_ caller: Caller, to room: RoomName) -> Bool {
    guard let member = caller.presence?.member else { return !isPrivate(room) }
    return admits(member, to: room)
  }

  /// - Returns: nil if the member may enter the room already.
  func invite(_ name: Nickname, to room: RoomName, _ turn: borrowing Turn) throws(RequestError) -> Proposal? {
    guard !turn.caller.isControl else { throw RequestError(.unknownCommand) }
    var (rules, isOwn) = try rulesToChange(room, turn.caller)
    // Operators moderate rooms but cannot invite: the guest could be a second name of their own.
    guard isOwn, let presence = turn.caller.presence else { throw RequestError(.notOwner) }
    try mustNotBeMuted(turn)
    guard let account = account(named: name) else { throw RequestError(.noAccount) }
    guard !rules.admits(account.member) else { return nil }
    guard rules.guests.count < Self.maximumGuests else { throw RequestError(.tooManyGuests) }
    rules.guests.insert(account.member)
    let text = "\(presence.name) invited you to \(rules.room), a private room."
    return Proposal(changes: [.room(rules)], effects: [.tell(account.member, text, .rooms)])
  }

  func uninvite(_ name: Nickname, from room: RoomName, _ caller: Caller) throws(RequestError) -> Proposal {
    var (rules, isOwn) = try rulesToChange(room, caller)
    guard let account = account(named: name), rules.guests.remove(account.member) != nil else {
      throw RequestError(.notFound)
    }
    let act = isOwn ? nil : ProposedAct(.uninvite, rules.room.text, account.name.text, by: caller.actor)
    return Proposal(
      changes: [.room(rules)], act: act, effects: [.takeOut(account.member, rules.room, by: caller.actor)],
      stake: Stake(.change, rooms: [rules.room]))
  }

  /// - Returns: the rules, and whether the caller owns the room.
  private func rulesToChange(
    _ room: RoomName, _ caller: Caller
  ) throws(RequestError) -> (rules: RoomRules, isOwn: Bool) {
    guard let rules = rules(of: room), rules.isPrivate else { throw RequestError(.notFound) }
    let account = account(of: caller)
    if let account, rules.owner == account.member { return (rules, true) }
    guard isOperator(caller) else {
      throw RequestError(admits(caller, to: room) ? .notOwner : .privateRoom)
    }
    return (rules, false)
  }
}
