import ChatProtocol

// A sanction is one of a person, whatever they call themselves: of an owned name with all its keys, and of the guests
// at the address that the person was last seen at.

extension Hub {
  /// The account that a session's key opens, also where its login is under another name.
  func keyHolder(_ presence: Session.Presence) -> Account? {
    account(of: presence) ?? presence.key.flatMap { registry.account(with: $0) }
  }

  /// The subject that stands for a person in a sanction: the name that they own, where they are here under another one.
  func personal(_ subject: Subject) -> Subject {
    guard case .name(let name) = subject, registry.account(named: name) == nil, let member = roster[name] else {
      return subject
    }
    for id in members[member]?.sessions ?? [] {
      if let account = sessions[id]?.presence.flatMap({ keyHolder($0) }) { return .name(account.name) }
    }
    return subject
  }

  /// Where guests are meant, too, by a sanction of somebody who is here, or lately was.
  func blocks(of subject: Subject) -> Set<Network> {
    if case .network = subject { return [] }
    let present = sessions.keys.filter { isMeant($0, by: subject) }
    let blocks = present.compactMap { id in sessions[id].flatMap { Self.block(of: $0.peer) } }
    if blocks.isEmpty, present.isEmpty, case .name(let name) = subject {
      return Set([recentPeople.network(of: name)].compactMap { $0 })
    }
    return Set(blocks.prefix(Sanction.maximumBlocks))
  }

  /// Nil for those on the host: limits by address do not hold for them.
  static func block(of peer: Peer) -> Network? { peer.isHost ? nil : peer.address?.addressBlock }

  /// The sanction of the guests at somebody's address.
  func guestSanction(_ kind: Sanction.Kind, _ peer: Peer?) -> Sanction? {
    guard let block = peer.flatMap(Self.block) else { return nil }
    return registry.sanction(kind, ofGuestsAt: block, at: wall)
  }

  /// The mute that holds for a session; nil where it may speak.
  func mute(of presence: Session.Presence, _ peer: Peer?) -> Sanction? {
    guard registry.sanctionCount > 0 else { return nil }
    var names = [presence.name]
    for account in [registry.account(of: presence.member), keyHolder(presence)] {
      if let account { names.append(account.name) }
    }
    for name in names {
      if let mute = registry.sanction(.mute, .name(name)), mute.holds(at: wall) { return mute }
    }
    return account(of: presence) == nil ? guestSanction(.mute, peer) : nil
  }

  /// Somebody who is muted reads, and is not heard: neither by what they write, nor by the names of rooms, invitations
  /// and whatever else reaches the screens of others.
  func mustNotBeMuted(_ context: RequestContext, _ verb: Verb?) throws(RequestError) {
    guard let presence = context.presence else { return }
    guard let mute = mute(of: presence, sessions[at: context.place]?.peer) else { return }
    throw RequestError(.muted, verb, text: mute.sentence)
  }

  /// A name is heard by others, too: somebody who is muted cannot take another one.
  func mustNotBeMuted(
    as admission: Admission, _ context: RequestContext, _ verb: Verb, at now: MonotonicTime
  ) throws(RequestError) {
    guard registry.sanctionCount > 0 else { return }
    let holder = admission.key.flatMap { registry.account(with: $0) }
    if let holder, holder.name != admission.name, let mute = registry.sanction(.mute, .name(holder.name)),
      mute.holds(at: wall)
    {
      throw RequestError(.muted, verb, text: mute.sentence)
    }
    guard holder == nil, !admission.isKnownAgain, let peer = sessions[at: context.place]?.peer,
      let mute = guestSanction(.mute, peer), mute.subject != .name(admission.name),
      !connectionLimiter.mayTakeNewName(peer, settings.limits, at: now)
    else { return }
    throw RequestError(.muted, verb, text: mute.sentence)
  }

  /// The session has a name. A person who is sanctioned is followed to their new address, where they have proven who
  /// they are.
  mutating func follow(
    _ presence: Session.Presence, _ context: RequestContext, isKnown: Bool, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) {
    guard registry.sanctionCount > 0, let peer = sessions[at: context.place]?.peer, let block = Self.block(of: peer)
    else { return }
    guard let account = account(of: presence) else {
      if !isKnown, guestSanction(.mute, peer) != nil { connectionLimiter.takeNewName(peer, settings.limits, at: now) }
      return
    }
    guard var mute = registry.sanction(.mute, .name(account.name)), mute.holds(at: wall),
      !mute.blocks.contains(block), mute.blocks.count < Sanction.maximumBlocks
    else { return }
    // One that is taken back at the moment is not to be imposed anew.
    guard proposals.isEmpty else { return }
    mute.blocks.insert(block)
    propose(Proposal(changes: [.sanction(mute)]), into: &actions)
  }

  // MARK: Slow mode

  /// The writer whose turns are counted in slow mode: an account, the guests at an address, or a guest on the host.
  func writer(_ presence: Session.Presence, _ context: RequestContext) -> SlowRooms.Writer {
    if let account = keyHolder(presence) { return .member(account.member) }
    guard let peer = sessions[at: context.place]?.peer, !peer.isHost, let address = peer.address else {
      return .member(presence.member)
    }
    return .guests(AddressBlock(address))
  }
}
