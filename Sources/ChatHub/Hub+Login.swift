import ChatProtocol
import ChatRecords

// Logins. A client that proves an earlier identity is the same member; every other client is a new member.

extension Hub {
  mutating func logIn(_ name: Nickname, _ turn: inout Turn) throws(RequestError) {
    guard turn.caller.presence == nil, !turn.caller.isControl else { throw RequestError(.alreadyLoggedIn) }
    let key = try provenKey(as: name, turn)
    let token = turn.caller.dialect.contains(.resume) ? turn.caller.tags.token.flatMap(seal.open) : nil
    let peer = turn.caller.peer
    try mustNotBeBanned(name, key: key, member: nil, from: peer)
    var admission = try admission(as: name, token, key, turn)
    if let member = admission.member, let present = members[member] {
      guard present.sessions.count < Member.maximumSessions else { throw RequestError(.tooManySessions) }
    }
    try mustBeWithinLimits(isKnown: isReturn(admission), replaces: false, turn)
    try mustNotBeMuted(as: admission, turn)
    admission.isKnown = admission.member != nil
    admission.member = admission.member ?? newMember()
    let changes = changes(of: &admission, turn)
    guard changes.isEmpty else {
      let stake = stake(ofLoginAs: name, member: admission.member, turn)
      return propose(changes, answer: .login(admission), stake: stake, &turn)
    }
    finishLogin(admission, &turn)
  }

  /// Whether the login is of a returning member or an account's owner.
  private func isReturn(_ admission: Admission) -> Bool {
    admission.isKnownAgain || registry.account(of: admission.member)?.opens(with: admission.key) == true
  }

  /// Attaches the session to its member, after all changes of the login are stored.
  mutating func finishLogin(_ admission: Admission, _ turn: inout Turn) {
    let id = turn.caller.session
    let isReturn = isReturn(admission) && !admission.countsAsClaim
    let presence = enter(admission, &turn)
    follow(presence, isKnown: admission.isKnownAgain, &turn)
    if isReturn { forgiveReturn(of: presence, turn) }
    welcome(presence, isAgain: admission.isKnownAgain, &turn)
    if admission.claims, account(of: presence) == nil {
      turn.send(.info(.other(Self.unclaimed)), to: id)
    }
    if turn.caller.dialect.contains(.tags) {
      for line in settings.messageOfTheDay { turn.send(.messageOfTheDay(line), to: id) }
    }
    synchronize(.lobby, cursor: nil, presence, &turn)
    synchronizePairsIfKnown(of: id, presence, &turn)
  }

  private static let unclaimed =
    "The name does not belong to you yet: too many were given to your address lately. Log in again in an hour."

  /// Attaches a session to a member.
  /// - Parameter isKnown: whether the log may have records of a member who was not present.
  mutating func admit(
    _ id: SessionID, as member: MemberID, named name: Nickname, key: PublicKey?, isKnown: Bool, _ turn: inout Turn
  ) -> Session.Presence {
    if members[member] == nil {
      var record = MemberRecord(.complete)
      if isKnown { record.knowledge = .awaited(nextQuestion(.state(member))) }
      members.insert(member, Member(id: member, name: name, sessions: [], record: record))
      roster.insert(name, member)
      looks.insert(name)
      var tags = Tags()
      identify(member, named: name, in: &tags)
      turn.publish(.joined(name), tags, in: .lobby)
      if case .awaited(let question) = record.knowledge {
        turn.emit(.read(question, .state(of: member), for: member))
      }
    }
    var presence = Session.Presence(member: member, name: name, login: random.next(), key: key)
    presence.isReplaceable = sessions[id]?.dialect.contains(.resume) == true
    members[member]?.sessions.append(id)
    sessions[id]?.enter(presence, at: turn.now)
    if let peer = sessions[id]?.peer { connectionLimiter.name(id, peer, isReplaceable: presence.isReplaceable) }
    return presence
  }

  /// Sends `OK`, and subscribes the session to the lobby.
  mutating func welcome(_ presence: Session.Presence, isAgain: Bool, _ turn: inout Turn) {
    let id = turn.caller.session
    let canResume = turn.caller.dialect.contains(.resume)
    turn.replyOK { tags in
      tags.idleTimeout = settings.idleTimeout
      if canResume {
        let token = Token(member: presence.member, name: presence.name, login: presence.login)
        tags.token = seal.close(token)
        tags["name"] = presence.name.text
        if isAgain { tags.isKnownAgain = true }
      }
      if let account = account(of: presence) {
        tags.isOwned = true
        if account.isOperator { tags.isOperator = true }
      }
    }
    turn.emit(.enter(id, .lobby))
    sessions[id]?.lag?.rooms[.lobby] = rooms[.lobby]?.head
    turn.emit(.loggedIn(id, presence.name))
  }

  func listCapabilities(_ turn: inout Turn) {
    let offered = offersKeys(to: turn.caller.session) ? Capabilities.all : Capabilities.all.subtracting(.keys)
    turn.reply(.capabilities(.list, offered.names))
  }

  mutating func agree(_ names: [String], _ turn: inout Turn) {
    var wanted = turn.caller.dialect
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
    sessions[id]?.dialect = wanted
    turn.reply(.capabilities(.acknowledged, names))
    turn.emit(.agree(id, wanted))
    guard names.contains(where: { Capabilities(named: $0) == .keys }) else { return }
    turn.send(.challenge(nonces.challenge(for: id)), to: id)
  }
}
