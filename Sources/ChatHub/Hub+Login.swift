import ChatProtocol

// Logins. A client that proves an earlier identity is the same member; every other client is a new member.

extension Hub {
  mutating func logIn(
    _ name: Nickname, _ request: Request, _ context: RequestContext, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    guard context.presence == nil, !context.isControl else { throw RequestError(.alreadyLoggedIn, .login) }
    let key = try provenKey(as: name, request, context)
    let token = context.dialect.contains(.resume) ? request.tags.token.flatMap(seal.open) : nil
    let peer = sessions[at: context.place]?.peer
    try mustNotBeBanned(name, key: key, member: nil, from: peer, .login)
    var admission = try admission(as: name, token, key, request, context)
    if let member = admission.member, let present = members[member] {
      guard present.sessions.count < Member.maximumSessions else { throw RequestError(.tooManySessions, .login) }
    }
    try mustBeWithinLimits(context, isKnown: isReturn(admission), replaces: false, .login)
    try mustNotBeMuted(as: admission, context, .login, at: now)
    admission.isKnown = admission.member != nil
    admission.member = admission.member ?? newMember()
    let changes = changes(of: &admission, context, at: now)
    guard changes.isEmpty else {
      let stake = stake(ofLoginAs: name, member: admission.member, request, context)
      return propose(
        changes, request, context, answer: .login(admission, request), stake: stake, into: &actions)
    }
    finishLogin(admission, request, context, at: now, into: &actions)
  }

  /// Whether the login is of a returning member or an account's owner.
  private func isReturn(_ admission: Admission) -> Bool {
    admission.isKnownAgain || registry.account(of: admission.member)?.opens(with: admission.key) == true
  }

  /// Attaches the session to its member, after all changes of the login are stored.
  mutating func finishLogin(
    _ admission: Admission, _ request: Request, _ context: RequestContext, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) {
    let id = context.session
    let isReturn = isReturn(admission) && !admission.countsAsClaim
    let presence = enter(admission, context, at: now, into: &actions)
    follow(presence, context, isKnown: admission.isKnownAgain, at: now, into: &actions)
    if isReturn { forgiveReturn(of: presence, context, at: now) }
    welcome(presence, isAgain: admission.isKnownAgain, request, context, into: &actions)
    if admission.claims, account(of: presence) == nil {
      actions.append(.send(id, .info(.other(Self.unclaimed)), Tags()))
    }
    if context.dialect.contains(.tags) {
      for line in settings.messageOfTheDay { actions.append(.send(id, .messageOfTheDay(line), Tags())) }
    }
    synchronize(.lobby, cursor: nil, context, presence, into: &actions)
    synchronizePairsIfKnown(of: id, presence, into: &actions)
  }

  private static let unclaimed =
    "The name does not belong to you yet: too many were given to your address lately. Log in again in an hour."

  /// Attaches a session to a member.
  /// - Parameter isKnown: whether the log may have records of a member who was not present.
  mutating func admit(
    _ id: SessionID, as member: MemberID, named name: Nickname, key: PublicKey?, isKnown: Bool, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) -> Session.Presence {
    if members[member] == nil {
      var record = MemberRecord(.complete)
      if isKnown { record.knowledge = .awaited(nextQuestion(.state(member))) }
      members.insert(member, Member(id: member, name: name, sessions: [], record: record))
      roster.insert(name, member)
      looks.insert(name)
      var tags = Tags()
      identify(member, named: name, in: &tags)
      actions.append(.publish(.joined(name), in: .lobby, tags))
      if case .awaited(let question) = record.knowledge {
        actions.append(.read(question, .state(of: member), for: member))
      }
    }
    var presence = Session.Presence(member: member, name: name, login: random.next(), key: key)
    presence.isReplaceable = sessions[id]?.dialect.contains(.resume) == true
    members[member]?.sessions.append(id)
    sessions[id]?.enter(presence, at: now)
    if let peer = sessions[id]?.peer { connectionLimiter.name(id, peer, isReplaceable: presence.isReplaceable) }
    return presence
  }

  /// Sends `OK`, and subscribes the session to the lobby.
  mutating func welcome(
    _ presence: Session.Presence, isAgain: Bool, _ request: Request, _ context: RequestContext,
    into actions: inout [HubAction]
  ) {
    var tags = Tags()
    tags.label = request.tags.label
    tags.idleTimeout = settings.idleTimeout
    if context.dialect.contains(.resume) {
      let token = Token(member: presence.member, name: presence.name, login: presence.login)
      tags.token = seal.close(token)
      tags["name"] = presence.name.text
      if isAgain { tags.isKnownAgain = true }
    }
    if let account = account(of: presence) {
      tags.isOwned = true
      if account.isOperator { tags.isOperator = true }
    }
    actions.append(.send(context.session, .ok(request.verb), tags))
    actions.append(.enter(context.session, .lobby))
    sessions[context.session]?.lag?.rooms[.lobby] = rooms[.lobby]?.head
    actions.append(.loggedIn(context.session, presence.name))
  }

  mutating func agree(
    _ names: [String], _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) {
    var wanted = context.dialect
    var isKnown = true
    for name in names {
      if let capability = Capabilities(named: name), capability != .keys || offersKeys(to: context.session) {
        wanted.insert(capability)
      } else {
        isKnown = false
      }
    }
    guard isKnown, wanted.isCoherent else {
      return answer(.capabilities(.refused, names), request, context.session, into: &actions)
    }
    sessions[context.session]?.dialect = wanted
    answer(.capabilities(.acknowledged, names), request, context.session, into: &actions)
    actions.append(.agree(context.session, wanted))
    guard names.contains(where: { Capabilities(named: $0) == .keys }) else { return }
    actions.append(.send(context.session, .challenge(nonces.challenge(for: context.session)), Tags()))
  }
}
