import ChatProtocol
import ChatRecords

// Bans and mutes, and the sessions to which they apply.

extension Registry {
  /// - Parameter blocks: the address blocks whose guests the sanction also covers.
  func impose(
    _ kind: Sanction.Kind, on subject: Subject, for span: AdminRequest.Span, _ reason: String, blocks: Set<Network>,
    _ turn: borrowing Turn
  ) throws(RequestError) -> Proposal {
    guard sanction(kind, subject) != nil || sanctionCount < Self.maximumSanctions else {
      throw RequestError(.tooManySanctions)
    }
    var until: Timestamp?
    var text = ""
    if case .seconds(let seconds) = span {
      until = turn.wall.advanced(by: .seconds(seconds))
      text = "for \(Duration.seconds(seconds).inWords)"
    }
    let reason = Act.clean(reason)
    if !reason.isEmpty { text += (text.isEmpty ? "" : ": ") + reason }
    let sanction = Sanction(
      kind: kind, subject: subject, until: until, by: turn.caller.actor, reason: reason, blocks: blocks)
    return Proposal(
      changes: [.sanction(sanction)],
      act: ProposedAct(kind == .ban ? .ban : .mute, subject.text, text, by: sanction.by),
      effects: kind == .ban ? [.ban(sanction)] : [])
  }

  /// - Parameter other: the subject under the name that its bearer owns.
  func pardon(
    _ kind: Sanction.Kind, _ subject: Subject, or other: Subject, _ turn: borrowing Turn
  ) throws(RequestError) -> Proposal {
    try requireOperator(turn.caller)
    guard let sanction = sanction(kind, subject) ?? sanction(kind, other), sanction.holds(at: turn.wall) else {
      let kinds = kind == .ban ? "ban" : "mute"
      throw RequestError(.notFound, text: "There is no \(kinds) of \(subject); BANS lists them.")
    }
    let verb: Verb = kind == .ban ? .unban : .unmute
    return Proposal(
      changes: [.pardon(kind, sanction.subject)],
      act: ProposedAct(verb, sanction.subject.text, by: turn.caller.actor))
  }

  // MARK: Matching

  /// Includes guests from a banned person's address blocks.
  func applies(_ ban: Sanction, to session: Session) -> Bool {
    if applies(ban.subject, to: session) { return true }
    guard let presence = session.presence, keyHolder(presence) == nil else { return false }
    return session.peer.network.map(ban.blocks.contains) == true
  }

  private func applies(_ subject: Subject, to session: Session) -> Bool {
    if case .network(let network) = subject {
      return !session.peer.isHost && session.peer.address.map(network.contains) == true
    }
    return session.presence.map { applies(subject, to: $0.name, $0.key) } == true
  }

  func applies(_ subject: Subject, to login: Login) -> Bool {
    if case .network(let network) = subject { return login.address.map(network.contains) == true }
    return applies(subject, to: login.name, login.key)
  }

  /// - Parameter key: the key that the client logged in with.
  private func applies(_ subject: Subject, to name: Nickname, _ key: PublicKey?) -> Bool {
    switch subject {
    // The owner may be logged in under another name.
    case .name(let banned): name == banned || key.flatMap { account(with: $0) }?.name == banned
    // The owner may be logged in under another name, with another key.
    case .key(let banned): key == banned || key.flatMap { account(with: $0) }?.opens(with: banned) == true
    case .network: false
    }
  }

  /// A ban of a name covers all the account's keys, and a ban of a key covers the account's name.
  /// - Parameters:
  ///   - key: the key that the client proved to hold.
  ///   - member: the client's member ID, if known.
  ///   - peer: the client's address; guests from a banned person's address blocks are banned, too.
  func mustNotBeBanned(
    _ name: Nickname, key: PublicKey?, member: MemberID?, from peer: Peer? = nil, at wall: Timestamp
  ) throws(RequestError) {
    var subjects: [Subject] = [.name(name)]
    if let key { subjects.append(.key(key)) }
    for account in [member.flatMap { account(of: $0) }, key.flatMap { account(with: $0) }] {
      guard let account else { continue }
      subjects.append(.name(account.name))
      subjects += account.keys.map { .key($0.key) }
    }
    for subject in subjects {
      guard let ban = sanction(.ban, subject), ban.holds(at: wall) else { continue }
      throw RequestError(.banned, text: ban.sentence)
    }
    if key.flatMap({ account(with: $0) }) == nil, let ban = guestSanction(.ban, peer, at: wall) {
      throw RequestError(.banned, text: ban.sentence)
    }
    guard !bannedSkeletons.contains(lookalikeOf: name) else { throw RequestError(.usernameConfusable) }
  }
}
