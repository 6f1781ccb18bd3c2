import ChatProtocol

// Who is who. Somebody who proves to have been here before is the same person; everybody else is new.

extension Hub {
  mutating func logIn(
    _ name: Nickname, _ request: Request, _ speaker: Speaker, at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    guard speaker.presence == nil else { throw RequestError(.alreadyLoggedIn, .login) }
    let id = speaker.session
    let token = speaker.dialect.contains(.resume) ? request.tags.token.flatMap(seal.open) : nil
    let isAgain: Bool
    let presence: Session.Presence
    if let token, let member = members[token.member], member.name == name {
      guard member.sessions.count < Member.maximumSessions else { throw RequestError(.tooManySessions, .login) }
      isAgain = true
      presence = admit(id, as: token.member, named: member.name, at: now, into: &actions)
    } else {
      guard !roster.contains(name) else { throw RequestError(.usernameTaken, .login) }
      // Whoever is here under one name is somebody else under another.
      let known = token.flatMap { members[$0.member] == nil ? $0.member : nil }
      isAgain = known != nil
      presence = admit(id, as: known ?? newMember(), named: name, isKnown: isAgain, at: now, into: &actions)
    }
    welcome(presence, isAgain: isAgain, request, speaker, into: &actions)
    if speaker.dialect.contains(.tags) {
      for line in settings.messageOfTheDay { actions.append(.send(id, .messageOfTheDay(line), Tags())) }
    }
    synchronize(.lobby, cursor: nil, speaker, presence, into: &actions)
    synchronizePairsIfKnown(of: id, presence, into: &actions)
  }

  /// The session is its member's from now on.
  /// - Parameter isKnown: for a member who comes: whether the log may know of them.
  mutating func admit(
    _ id: SessionID, as member: MemberID, named name: Nickname, isKnown: Bool = true, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) -> Session.Presence {
    if members[member] == nil {
      var record = MemberRecord(.complete)
      if isKnown { record.knowledge = .awaited(nextQuestion(.state(member))) }
      members.insert(member, Member(id: member, name: name, sessions: [], record: record))
      roster.insert(name, member)
      actions.append(.publish(.joined(name), in: .lobby, Tags()))
      if case .awaited(let question) = record.knowledge { actions.append(.read(question, .state(of: member))) }
    }
    let presence = Session.Presence(member: member, name: name, login: random.next())
    members[member]?.sessions.append(id)
    sessions[id]?.enter(presence, at: now)
    return presence
  }

  /// Says `OK`, and lets the session hear the lobby.
  mutating func welcome(
    _ presence: Session.Presence, isAgain: Bool, _ request: Request, _ speaker: Speaker,
    into actions: inout [HubAction]
  ) {
    var tags = Tags()
    tags.label = request.tags.label
    if speaker.dialect.contains(.resume) {
      let token = Token(member: presence.member, name: presence.name, login: presence.login)
      tags.token = seal.close(token)
      tags["name"] = presence.name.text
      if isAgain { tags.isKnownAgain = true }
    }
    actions.append(.send(speaker.session, .ok(request.verb), tags))
    actions.append(.enter(speaker.session, .lobby))
    sessions[speaker.session]?.lag?.rooms[.lobby] = rooms[.lobby]?.head
    actions.append(.loggedIn(speaker.session, presence.name))
  }

  mutating func agree(
    _ names: [String], _ request: Request, _ speaker: Speaker, into actions: inout [HubAction]
  ) {
    var wanted = speaker.dialect
    var isKnown = true
    for name in names {
      if let capability = Capabilities(named: name), capability != .keys {
        wanted.insert(capability)
      } else {
        isKnown = false
      }
    }
    guard isKnown, wanted.isCoherent else {
      return answer(.capabilities(.refused, names), request, speaker.session, into: &actions)
    }
    sessions[speaker.session]?.dialect = wanted
    answer(.capabilities(.acknowledged, names), request, speaker.session, into: &actions)
    actions.append(.agree(speaker.session, wanted))
  }
}
