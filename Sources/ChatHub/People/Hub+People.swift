import ChatProtocol
import ChatRecords

// Lists of members, and the away state.

extension Hub {
  /// - Parameter room: nil for all members of the server.
  mutating func listPeople(in room: RoomName?, _ turn: inout Turn) throws(RequestError) {
    let name = try room.map { room throws(RequestError) in try nameOfJoined(room, turn.caller) }
    let (room, target) = (name ?? .lobby, name.map { Target.room($0) })
    let count = room == .lobby ? people.count : rooms[room]?.people.count ?? 0
    guard count < settings.limits.longList else { return listMany(in: room, target, &turn) }
    guard let batch = sessions.openBatch(to: turn.caller.address) else { return }
    turn.begin(batch, "who", of: target)
    for line in members(of: room, .init(turn.caller.capabilities), in: batch) {
      turn.send(line.message, line.tags, to: turn.caller.session)
    }
    turn.end(batch)
  }

  private mutating func listMany(in room: RoomName, _ target: Target?, _ turn: inout Turn) {
    let batch = Batch(MemberList.reference, to: turn.caller.address, in: turn.caller.capabilities)
    let form = MemberList.Form(turn.caller.capabilities)
    let known = memberLists[room, form]
    let list = known ?? MemberList(members(of: room, form, in: batch))
    if known == nil { memberLists.keep(list, of: room, in: form) }
    turn.begin(batch, "who", of: target)
    turn.emit(.list(turn.caller.session, list))
    turn.end(batch)
  }

  /// The lines of a list of members, in login order.
  func members(of room: RoomName, _ form: MemberList.Form, in batch: Batch) -> [MemberList.Line] {
    if room == .lobby {
      return people.roster.entries.map { line($0.key, $0.value, form, batch) }
    }
    return rooms[room]?.people.entries.compactMap { entry in
      people[entry.key].map { line($0.name, entry.key, form, batch) }
    } ?? []
  }

  private func line(_ name: Nickname, _ member: MemberID, _ form: MemberList.Form, _ batch: Batch) -> MemberList.Line {
    var tags = batch.tags
    if form != .plain { tags.away = people[member]?.away }
    switch form {
    case .plain: break
    case .tagged: markGuest(member, named: name, in: &tags)
    case .identified: identify(member, named: name, in: &tags)
    }
    return MemberList.Line(message: .user(name), tags: tags)
  }

  mutating func setAway(_ text: String?, _ turn: inout Turn) throws(RequestError) {
    let presence = try turn.caller.requireLogin()
    guard (text?.utf8.count ?? 0) <= Member.maximumAwayBytes else { throw RequestError(.awayTooLong) }
    if text != nil { try registry.mustNotBeMuted(turn) }
    propose(Proposal(effects: [.away(presence.member, text: text)], stake: .nothing), &turn)
  }
}
