import ChatProtocol
import ChatRecords

// Resuming a session: it takes the place of an earlier one, and joins its rooms.

extension Hub {
  mutating func resume(_ text: String, _ cursors: [Cursor], _ turn: inout Turn) throws(RequestError) {
    guard turn.caller.presence == nil, !turn.caller.isControl else { throw RequestError(.alreadyLoggedIn) }
    guard let token = admission.seal.open(text) else { throw RequestError(.invalidToken) }
    let key = try provenKey(as: token.name, turn.caller)
    try registry.mustNotBeBanned(
      token.name, key: key, member: token.member, from: turn.caller.peer, at: turn.wall)
    let name = people.currentName(of: token.member, registry) ?? token.name
    var login = try accept(name, token, key, turn)
    // The name now belongs to another member, whose keys include this one.
    guard login.member == token.member else { throw RequestError(.invalidToken) }
    let replaces = previous(of: token) != nil
    if let member = people[token.member] {
      guard replaces || member.sessions.count < Member.maximumSessions else { throw RequestError(.tooManySessions) }
    }
    try mustBeWithinLimits(isKnown: true, replaces: replaces, turn)
    try mustNotBeMuted(as: login, turn)
    if let deletion = makeWay(for: newRooms(in: cursors, login, turn), turn) { return propose(deletion, &turn) }
    login.isKnown = true
    guard var proposal = changes(of: &login, turn) else {
      return finishResumption(login, token, cursors, &turn)
    }
    proposal.stake = stake(ofLoginAs: name, member: login.member, turn.caller)
    proposal.answer = .resumption(login, token, cursors)
    propose(proposal, &turn)
  }

  /// The number of rooms that the resumption opens again.
  private func newRooms(in cursors: [Cursor], _ login: AcceptedLogin, _ turn: borrowing Turn) -> Int {
    guard rooms.count + cursors.count > Room.maximumCount, let member = login.member else { return 0 }
    let presence = Session.Presence(member: member, name: login.name, login: LoginID(0), key: login.key)
    // A muted person opens no room.
    guard registry.mute(of: presence, turn.caller.peer, at: turn.wall) == nil else { return 0 }
    let names = cursors.compactMap { if case .room(let room) = $0.target { room } else { nil } }
    return min(Set(names.filter { !rooms.contains($0) }).count, Session.maximumRooms)
  }

  /// The session that the token was issued to, if it still exists.
  private func previous(of token: Token) -> SessionID? {
    people[token.member]?.sessions.first { sessions[$0]?.presence?.login == token.login }
  }

  /// Attaches the session in place of the token's one, after all changes of the login are stored.
  mutating func finishResumption(_ login: AcceptedLogin, _ token: Token, _ cursors: [Cursor], _ turn: inout Turn) {
    let id = turn.caller.session
    let previous = previous(of: token)
    let presence = enter(login, &turn)
    followMute(of: presence, isKnown: true, &turn)
    forgiveReturn(of: presence, turn)
    welcome(presence, isAgain: false, &turn)
    join(cursors, presence, &turn)
    sessions[id]?.cursors = Array(
      cursors.lazy.filter { if case .person = $0.target { true } else { false } }
        .prefix(MemberRecord.maximumCorrespondents))
    synchronizePairsIfKnown(of: id, presence, &turn)
    if let previous {
      let bye = ServerMessage.bye(.takenOver, text: ByeReason.takenOver.explanation)
      end(previous, leaving: .lost, closing: .takenOver, farewell: bye, &turn)
    }
  }

  /// Joins the lobby first, then the rooms in the order of their cursors.
  private mutating func join(_ cursors: [Cursor], _ presence: Session.Presence, _ turn: inout Turn) {
    let lobby = cursors.first { $0.target == .lobby }
    synchronize(.lobby, cursor: lobby, presence, &turn)
    for cursor in cursors {
      // A room that cannot be joined is left out of the answer.
      guard case .room(let room) = cursor.target, sessions[turn.caller.session]?.isIn(room) == false,
        rooms.contains(room) || registry.mute(of: presence, turn.caller.peer, at: turn.wall) == nil,
        let name = try? subscribe(turn.caller.session, presence, to: room, &turn)
      else { continue }
      synchronize(Address(room: name), cursor: cursor, presence, &turn)
    }
  }
}
