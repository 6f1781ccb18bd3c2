import ChatProtocol
import ChatRecords

// Logins. A client that proves an earlier identity is the same member; every other client is a new member.

extension Hub {
  mutating func logIn(_ name: Nickname, _ turn: inout Turn) throws(RequestError) {
    guard turn.caller.presence == nil, !turn.caller.isControl else { throw RequestError(.alreadyLoggedIn) }
    let key = try provenKey(as: name, turn.caller)
    try registry.mustNotBeBanned(name, key: key, member: nil, from: turn.caller.peer, at: turn.wall)
    var login = try accept(name, admission.token(turn.caller), key, turn)
    if let member = login.member, let present = people[member] {
      guard present.logins.count < Member.maximumLogins else { throw RequestError(.tooManySessions) }
    }
    try mustBeWithinLimits(isKnown: isReturn(login), replaces: false, turn)
    try mustNotBeMuted(as: login, turn)
    login.isKnown = login.member != nil
    login.member = login.member ?? newMember()
    var proposal = proposal(for: &login, as: name, turn)
    let entering = makeLogin(login, turn.caller)
    proposal.arrival = .login(entering, replacing: nil)
    proposal.answer = .login(login, entering)
    propose(proposal, &turn)
  }

  /// The changes of the registry that a login makes, with everything that its decision depends on.
  func proposal(for login: inout AcceptedLogin, as name: Nickname, _ turn: borrowing Turn) -> Proposal {
    var proposal = changes(of: &login, turn) ?? Proposal()
    proposal.stake = stake(ofLoginAs: name, member: login.member, turn.caller)
    return proposal
  }

  /// - Parameter rooms: the rooms that the login joins at once.
  mutating func makeLogin(_ accepted: AcceptedLogin, rooms: [RoomName] = [], _ caller: Caller) -> Login {
    let member = accepted.member ?? newMember()
    return Login(
      LoginID(random.next()), on: id, of: member, named: accepted.name, key: accepted.key,
      address: caller.peer.isHost ? nil : caller.peer.address, rooms: rooms)
  }

  func provenKey(as name: Nickname, _ caller: Caller) throws(RequestError) -> PublicKey? {
    try admission.provenKey(as: name, on: sessions[at: caller.place].pin, caller)
  }

  func mustNotBeMuted(as login: AcceptedLogin, _ turn: borrowing Turn) throws(RequestError) {
    let mayTakeNewName = admission.limiter.mayTakeNewName(turn.caller.peer, settings.limits, at: turn.now)
    try registry.mustNotBeMuted(as: login, mayTakeNewName: mayTakeNewName, turn)
  }

  /// Whether the login is of a returning member or an account's owner.
  private func isReturn(_ login: AcceptedLogin) -> Bool {
    login.isKnownAgain || registry.account(of: login.member)?.opens(with: login.key) == true
  }

  /// Attaches the session to its login, after the feed has brought it.
  mutating func finishLogin(_ login: AcceptedLogin, _ entered: Login, _ turn: inout Turn) {
    guard !refuseIfBanned(entered, &turn) else { return }
    let id = turn.caller.session
    let isReturn = isReturn(login) && !login.countsAsClaim
    let presence = attach(entered, login, &turn)
    followMute(of: presence, keepsName: login.keepsName, &turn)
    if isReturn { forgiveReturn(of: presence, turn) }
    welcome(presence, isAgain: login.isKnownAgain, &turn)
    if let obstacle = login.obstacle, registry.account(of: presence) == nil {
      turn.send(.info(.other(obstacle.sentence)), to: id)
    }
    if turn.caller.capabilities.contains(.tags) {
      for line in settings.messageOfTheDay { turn.send(.messageOfTheDay(line), to: id) }
    }
    synchronize(.lobby, cursor: nil, presence, &turn)
    synchronizePairsIfKnown(of: id, presence, &turn)
  }

  /// Refuses a login that a ban has overtaken in the feed.
  mutating func refuseIfBanned(_ login: Login, _ turn: inout Turn) -> Bool {
    guard registry.sanctionCount > 0 else { return false }
    do throws(RequestError) {
      try registry.mustNotBeBanned(
        login.name, key: login.key, member: login.member, from: turn.caller.peer, at: turn.wall)
      return false
    } catch {
      turn.refuse(error.code, text: error.text, to: turn.caller.address)
      return true
    }
  }

  /// Attaches the caller's session to a login that the feed has brought.
  mutating func attach(_ login: Login, _ accepted: AcceptedLogin, _ turn: inout Turn) -> Session.Presence {
    let id = turn.caller.session
    if accepted.countsAsClaim { admission.noteClaim(turn.caller.peer, settings.limits, at: turn.now) }
    people.attach(id, to: login.id, of: login.member)
    if people[login.member]?.record.knowledge == .elsewhere {
      // The log may have records of a member who had no session here.
      let knowledge =
        accepted.isKnown ? MemberRecord.Knowledge.awaited(reads.askForState(of: login.member, &turn)) : .complete
      people.update(login.member) { $0.record.knowledge = knowledge }
    }
    var presence = Session.Presence(member: login.member, name: login.name, login: login.id, key: login.key)
    presence.isReplaceable = turn.caller.capabilities.contains(.resume)
    sessions[at: turn.caller.place].enter(presence, at: turn.now)
    admission.limiter.noteLogin(of: id, turn.caller.peer, isReplaceable: presence.isReplaceable)
    return presence
  }

  /// Extends a mute to the current address block of a muted person who has proven their identity.
  /// - Parameter keepsName: a guest had the name before, so that it does not count as a new one.
  mutating func followMute(of presence: Session.Presence, keepsName: Bool, _ turn: inout Turn) {
    let peer = turn.caller.peer
    guard registry.sanctionCount > 0, let block = peer.network else { return }
    guard let account = registry.account(of: presence) else {
      if !keepsName, registry.guestSanction(.mute, peer, at: turn.wall) != nil {
        admission.limiter.takeNewName(peer, settings.limits, at: turn.now)
      }
      return
    }
    // A mute that is being lifted at the moment must not be imposed again.
    guard !proposals.areChangingRegistry, let proposal = registry.extendMute(of: account, to: block, at: turn.wall)
    else { return }
    proposals.begin(proposal, &turn)
  }

  /// Sends `OK`, and subscribes the session to the lobby.
  mutating func welcome(_ presence: Session.Presence, isAgain: Bool, _ turn: inout Turn) {
    let id = turn.caller.session
    let canResume = turn.caller.capabilities.contains(.resume)
    turn.replyOK { tags in
      tags.idleTimeout = settings.idleTimeout
      if canResume {
        let token = Token(member: presence.member, name: presence.name, login: presence.login)
        tags.token = admission.seal.close(token)
        tags["name"] = presence.name.text
        if isAgain { tags.isKnownAgain = true }
      }
      if let account = registry.account(of: presence) {
        tags.isOwned = true
        if account.isOperator { tags.isOperator = true }
      }
    }
    turn.emit(.enter(id, .lobby))
    sessions.update(id) { $0.lag?.rooms[.lobby] = rooms[.lobby]?.head }
    turn.emit(.loggedIn(id, presence.name))
  }

  func listCapabilities(_ turn: inout Turn) {
    let offered = offersKeys(to: turn.caller.session) ? Capabilities.all : Capabilities.all.subtracting(.keys)
    turn.reply(.capabilities(.list, offered.names))
  }

  mutating func agree(_ names: [String], _ turn: inout Turn) {
    var wanted = turn.caller.capabilities
    var isKnown = true
    for name in names {
      if let capability = Capabilities(named: name), capability != .keys || offersKeys(to: turn.caller.session) {
        wanted.insert(capability)
      } else {
        isKnown = false
      }
    }
    guard isKnown, wanted.isCoherent else { return turn.reply(.capabilities(.refused, names)) }
    let id = turn.caller.session
    sessions.update(id) { $0.capabilities = wanted }
    turn.reply(.capabilities(.acknowledged, names))
    turn.emit(.agree(id, wanted))
    guard names.contains(where: { Capabilities(named: $0) == .keys }) else { return }
    turn.send(.challenge(admission.challenge(for: id)), to: id)
  }
}
