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
    let replaces = people.contains(token.login, of: token.member)
    if let member = people[token.member] {
      guard replaces || member.logins.count < Member.maximumLogins else { throw RequestError(.tooManySessions) }
    }
    try mustBeWithinLimits(isKnown: true, replaces: replaces, turn)
    try mustNotBeMuted(as: login, turn)
    login.isKnown = true
    let (joined, opened) = rooms(in: cursors, login, turn)
    login.openedRooms = opened
    var proposal = proposal(for: &login, as: name, turn)
    let entering = makeLogin(login, rooms: joined, turn.caller)
    proposal.stake = stake(ofJoining: entering.rooms, proposal.stake)
    proposal.arrival = .login(entering, replacing: replaces ? token.login : nil)
    proposal.answer = .resumption(login, entering, cursors)
    propose(proposal, &turn)
  }

  /// The rooms of the cursors, in their order, except the lobby. A room that cannot be joined is left out, and so is a
  /// new one that a muted person would open, that exceeds a limit, or for which another room would have to be deleted.
  /// - Returns: the rooms, and the number of those that are new.
  private func rooms(
    in cursors: [Cursor], _ login: AcceptedLogin, _ turn: borrowing Turn
  ) -> (joined: [RoomName], opened: Int) {
    guard let member = login.member else { return ([], 0) }
    let presence = Session.Presence(member: member, name: login.name, login: LoginID(0), key: login.key)
    let mayOpen = registry.mute(of: presence, turn.caller.peer, at: turn.wall) == nil
    let maker = registry.maker(presence, turn.caller.peer)
    var joined: [RoomName] = []
    var opened = ConfusableIndex()
    var openedCount = 0
    for cursor in cursors {
      guard case .room(let room) = cursor.target, room != .lobby, !joined.contains(room),
        (try? mustBeAbleToEnter(room, member, joined.count)) != nil
      else { continue }
      if !rooms.contains(room) {
        guard mayOpen, rooms.count + openedCount < Room.maximumCount, !opened.contains(lookalikeOf: room),
          !stores.contains(room),
          rooms.creations.mayOpen(maker, settings.limits, after: openedCount, at: turn.now)
        else { continue }
        opened.insert(room)
        openedCount += 1
      }
      joined.append(rooms.entry(room)?.key ?? room)
    }
    return (joined, openedCount)
  }

  /// Attaches the session to its login, after the feed has brought it.
  mutating func finishResumption(
    _ login: AcceptedLogin, _ entered: Login, _ cursors: [Cursor], _ turn: inout Turn
  ) {
    guard !refuseIfBanned(entered, &turn) else { return }
    let id = turn.caller.session
    let presence = attach(entered, login, &turn)
    for _ in 0..<login.openedRooms {
      rooms.creations.noteOpening(by: registry.maker(presence, turn.caller.peer), settings.limits, at: turn.now)
    }
    followMute(of: presence, keepsName: true, &turn)
    forgiveReturn(of: presence, turn)
    welcome(presence, isAgain: false, &turn)
    let lobby = cursors.first { $0.target == .lobby }
    synchronize(.lobby, cursor: lobby, presence, &turn)
    for room in entered.rooms {
      let name = rooms.entry(room)?.key ?? room
      subscribe(id, to: name, &turn)
      let cursor = cursors.first { $0.target == .room(room) }
      synchronize(Address(room: name), cursor: cursor, presence, &turn)
    }
    let pairs = cursors.lazy.filter { if case .person = $0.target { true } else { false } }
    sessions.update(id) { $0.cursors = Array(pairs.prefix(MemberRecord.maximumCorrespondents)) }
    synchronizePairsIfKnown(of: id, presence, &turn)
  }
}
