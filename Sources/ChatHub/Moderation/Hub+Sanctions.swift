import ChatProtocol

// Who may not come in, and who may not write.

extension Hub {
  mutating func ban(
    _ subject: Subject, for span: AdminRequest.Span, reason: String, _ request: Request, _ speaker: Speaker,
    at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(speaker, request.verb)
    if case .network(let network) = subject { try mayBan(network, request, speaker) }
    let subject = asKnown(subject)
    try impose(.ban, on: subject, for: span, reason, request, speaker, into: &actions)
  }

  mutating func endSessions(meantBy subject: Subject, _ text: String, into actions: inout [HubAction]) {
    let bye = ServerMessage.bye(.banned, text: text)
    for id in sessions.keys.filter({ isMeant($0, by: subject) }).sorted(by: { $0.number < $1.number }) {
      end(id, leaving: .kicked, closing: .banned, farewell: bye, into: &actions)
    }
  }

  mutating func unban(
    _ subject: Subject, _ request: Request, _ speaker: Speaker, at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    try pardon(.ban, subject, request, speaker, into: &actions)
  }

  mutating func mute(
    _ name: Nickname, for span: AdminRequest.Span, reason: String, _ request: Request, _ speaker: Speaker,
    at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(speaker, request.verb)
    try impose(.mute, on: asKnown(.name(name)), for: span, reason, request, speaker, into: &actions)
  }

  mutating func unmute(
    _ name: Nickname, _ request: Request, _ speaker: Speaker, at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    try pardon(.mute, .name(name), request, speaker, into: &actions)
  }

  mutating func listSanctions(
    _ request: Request, _ speaker: Speaker, at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(speaker, request.verb)
    var lines: [ServerMessage] = []
    var bytes = 0
    var hasMore = false
    for sanction in registry.allSanctions.filter({ $0.holds(at: wall) }).inOrder() {
      guard bytes < Self.maximumRecordBytes else {
        hasMore = true
        break
      }
      // The rest of the line has about a hundred bytes.
      bytes += 100 + sanction.subject.text.utf8.count + sanction.reason.utf8.count
      lines.append(.sanction(sanction))
    }
    var tags = Tags()
    tags.label = request.tags.label
    list(lines, "sanctions", hasMore: hasMore, tags, to: speaker.session, into: &actions)
  }

  /// Forgets those that hold no more.
  mutating func expireSanctions(into actions: inout [HubAction]) {
    // One that is imposed anew at the moment is not to be forgotten.
    guard proposals.isEmpty else { return }
    let expired = registry.expired(at: wall)
    guard !expired.isEmpty else { return }
    propose(Proposal(changes: expired.map { .pardon($0.kind, $0.subject) }), into: &actions)
  }

  // MARK: Imposing

  private mutating func impose(
    _ kind: Sanction.Kind, on subject: Subject, for span: AdminRequest.Span, _ reason: String, _ request: Request,
    _ speaker: Speaker, into actions: inout [HubAction]
  ) throws(RequestError) {
    guard speaker.isControl || !isOperators(subject) else {
      throw RequestError(.protected, request.verb, text: "Only the host may do this to an operator.")
    }
    guard registry.sanction(kind, subject) != nil || registry.sanctionCount < Registry.maximumSanctions else {
      throw RequestError(.tooManySanctions, request.verb)
    }
    var until: Timestamp?
    var text = ""
    if case .seconds(let seconds) = span {
      until = wall.advanced(by: .seconds(seconds))
      text = "for \(Duration.seconds(seconds).inWords)"
    }
    let reason = Self.clean(reason)
    if !reason.isEmpty { text += (text.isEmpty ? "" : ": ") + reason }
    let sanction = Sanction(kind: kind, subject: subject, until: until, by: actor(speaker), reason: reason)
    propose(
      [.sanction(sanction), act(kind == .ban ? .ban : .mute, subject.text, text, by: sanction.by)], request, speaker,
      effects: kind == .ban ? [.ban(subject, text: sanction.sentence)] : [], into: &actions)
  }

  private mutating func pardon(
    _ kind: Sanction.Kind, _ subject: Subject, _ request: Request, _ speaker: Speaker, into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(speaker, request.verb)
    guard let sanction = registry.sanction(kind, subject), sanction.holds(at: wall) else {
      throw RequestError(.notFound, request.verb)
    }
    let verb: Verb = kind == .ban ? .unban : .unmute
    propose(
      [.pardon(kind, sanction.subject), act(verb, sanction.subject.text, "", by: actor(speaker))], request, speaker,
      into: &actions)
  }

  /// Names as their bearers write them.
  private func asKnown(_ subject: Subject) -> Subject {
    guard case .name(let name) = subject else { return subject }
    return .name(registry.account(named: name)?.name ?? roster.entry(name)?.key ?? name)
  }

  private func isOperators(_ subject: Subject) -> Bool {
    switch subject {
    case .name(let name): registry.account(named: name)?.isOperator == true
    case .key(let key): registry.account(with: key)?.isOperator == true
    case .network(let network): holdsOperator(network)
    }
  }

  private func holdsOperator(_ network: Network) -> Bool {
    sessions.keys.contains { id in
      guard let presence = sessions[id]?.presence, account(of: presence)?.isOperator == true else { return false }
      return isMeant(id, by: .network(network))
    }
  }

  /// - Throws: where the host itself, or the operator who asks, would be kept out.
  private func mayBan(_ network: Network, _ request: Request, _ speaker: Speaker) throws(RequestError) {
    guard !network.holdsLoopback else {
      throw RequestError(.protected, request.verb, text: "The host itself is in \(network).")
    }
    if let address = sessions[at: speaker.place]?.peer.address, network.contains(address) {
      throw RequestError(.protected, request.verb, text: "Your own address is in \(network).")
    }
    for id in sessions.keys where sessions[id]?.peer.isHost == true {
      guard let address = sessions[id]?.peer.address, network.contains(address) else { continue }
      throw RequestError(.protected, request.verb, text: "The host itself is in \(network).")
    }
  }

  // MARK: Being meant

  private func isMeant(_ id: SessionID, by subject: Subject) -> Bool {
    guard let session = sessions[id] else { return false }
    switch subject {
    case .name(let name):
      guard let presence = session.presence else { return false }
      // Its owner may be here under another name.
      return presence.name == name || presence.key.flatMap { registry.account(with: $0) }?.name == name
    case .key(let key):
      guard let presence = session.presence else { return false }
      // Its owner may be here under another name, with another one of their keys.
      return presence.key == key || presence.key.flatMap { registry.account(with: $0) }?.opens(with: key) == true
    case .network(let network):
      return !session.peer.isHost && session.peer.address.map(network.contains) == true
    }
  }

  /// Whoever is banned under a name is banned with each of their keys, and the other way around.
  /// - Parameters:
  ///   - key: what they prove to have.
  ///   - member: who they are, where that is known.
  func mustNotBeBanned(
    _ name: Nickname, key: PublicKey?, member: MemberID?, _ verb: Verb?
  ) throws(RequestError) {
    var subjects: [Subject] = [.name(name)]
    if let key { subjects.append(.key(key)) }
    for account in [member.flatMap { registry.account(of: $0) }, key.flatMap { registry.account(with: $0) }] {
      guard let account else { continue }
      subjects.append(.name(account.name))
      subjects += account.keys.map { .key($0.key) }
    }
    for subject in subjects {
      guard let ban = registry.sanction(.ban, subject), ban.holds(at: wall) else { continue }
      throw RequestError(.banned, verb, text: ban.sentence)
    }
    guard !registry.bannedLooks.contains(lookalikeOf: name) else { throw RequestError(.usernameConfusable, verb) }
  }

  /// Somebody who is muted reads, and is not heard.
  func mustNotBeMuted(_ presence: Session.Presence, _ verb: Verb?) throws(RequestError) {
    guard let mute = registry.sanction(.mute, .name(presence.name)), mute.holds(at: wall) else { return }
    throw RequestError(.muted, verb, text: mute.sentence)
  }
}

extension Network {
  fileprivate var holdsLoopback: Bool {
    address.isLoopback || ["127.0.0.1", "::1"].contains { IPAddress($0).map(contains) == true }
  }
}
