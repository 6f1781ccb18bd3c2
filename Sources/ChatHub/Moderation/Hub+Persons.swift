import ChatProtocol
import ChatRecords

// A sanction applies to a person under any name: to an owned name with all its keys, and to guests at the address block
// where the person was last connected.

extension Hub {
  /// The account that owns a session's key, even if the session logged in under another name.
  func keyHolder(_ presence: Session.Presence) -> Account? {
    account(of: presence) ?? presence.key.flatMap { registry.account(with: $0) }
  }

  /// Replaces a name in a sanction by the name that its bearer owns, if the bearer is logged in under another one.
  func personal(_ subject: Subject) -> Subject {
    guard case .name(let name) = subject, registry.account(named: name) == nil, let member = roster[name] else {
      return subject
    }
    for id in members[member]?.sessions ?? [] {
      if let account = sessions[id]?.presence.flatMap({ keyHolder($0) }) { return .name(account.name) }
    }
    return subject
  }

  /// The address blocks whose guests a sanction also covers: those of the person's present or recent sessions.
  func blocks(of subject: Subject) -> Set<Network> {
    if case .network = subject { return [] }
    let present = sessions.keys.filter { isMeant($0, by: subject) }
    let blocks = present.compactMap { id in sessions[id].flatMap { Self.block(of: $0.peer) } }
    if blocks.isEmpty, present.isEmpty, case .name(let name) = subject {
      return Set([recentPeople.network(of: name)].compactMap { $0 })
    }
    return Set(blocks.prefix(Sanction.maximumBlocks))
  }

  /// Nil for clients on the host: limits by address do not apply to them.
  static func block(of peer: Peer) -> Network? { peer.isHost ? nil : peer.address?.addressBlock }

  /// The sanction that covers guests at a peer's address.
  func guestSanction(_ kind: Sanction.Kind, _ peer: Peer?) -> Sanction? {
    guard let block = peer.flatMap(Self.block) else { return nil }
    return registry.sanction(kind, ofGuestsAt: block, at: wall)
  }

  /// The mute that applies to a session; nil if the session may write.
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

  /// A muted person can read, but must not reach other screens: neither by messages, nor by room names, invitations or
  /// anything else.
  func mustNotBeMuted(_ caller: Caller) throws(RequestError) {
    guard let presence = caller.presence, let mute = mute(of: presence, caller.peer) else { return }
    throw RequestError(.muted, text: mute.sentence)
  }

  /// A new name would reach other screens, too: a muted person cannot take one.
  func mustNotBeMuted(as admission: Admission, _ turn: borrowing Turn) throws(RequestError) {
    guard registry.sanctionCount > 0 else { return }
    let holder = admission.key.flatMap { registry.account(with: $0) }
    if let holder, holder.name != admission.name, let mute = registry.sanction(.mute, .name(holder.name)),
      mute.holds(at: wall)
    {
      throw RequestError(.muted, text: mute.sentence)
    }
    guard holder == nil, !admission.isKnownAgain,
      let mute = guestSanction(.mute, turn.caller.peer), mute.subject != .name(admission.name),
      !connectionLimiter.mayTakeNewName(turn.caller.peer, settings.limits, at: turn.now)
    else { return }
    throw RequestError(.muted, text: mute.sentence)
  }

  /// Extends a mute to the current address block of a sanctioned person who has proven their identity.
  mutating func follow(_ presence: Session.Presence, isKnown: Bool, _ turn: inout Turn) {
    let peer = turn.caller.peer
    guard registry.sanctionCount > 0, let block = Self.block(of: peer) else { return }
    guard let account = account(of: presence) else {
      if !isKnown, guestSanction(.mute, peer) != nil {
        connectionLimiter.takeNewName(peer, settings.limits, at: turn.now)
      }
      return
    }
    guard var mute = registry.sanction(.mute, .name(account.name)), mute.holds(at: wall),
      !mute.blocks.contains(block), mute.blocks.count < Sanction.maximumBlocks
    else { return }
    // A mute that is being lifted at the moment must not be imposed again.
    guard proposals.isEmpty else { return }
    mute.blocks.insert(block)
    propose(Proposal(changes: [.sanction(mute)]), &turn)
  }

  // MARK: Slow mode

  /// The writer whose messages are counted together in slow mode: an account, the guests at an address block, or a
  /// guest on the host.
  func writer(_ presence: Session.Presence, _ peer: Peer) -> SlowRooms.Writer {
    if let account = keyHolder(presence) { return .member(account.member) }
    guard !peer.isHost, let address = peer.address else { return .member(presence.member) }
    return .guests(AddressBlock(address))
  }
}
