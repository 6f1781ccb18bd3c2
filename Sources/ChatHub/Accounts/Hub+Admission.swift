import ChatProtocol
import ChatRecords

// Which logins are accepted, under which name and as which member. A name belongs to the first key that logged in under
// it; only a client with the key can use the name, whatever its token says.

extension Hub {
  /// - Parameters:
  ///   - token: the token that the client sent; ignored if its member owns a name.
  ///   - key: the key that the client proved to hold.
  func admission(as name: Nickname, _ token: Token?, _ key: PublicKey?, _ turn: borrowing Turn) throws(RequestError)
    -> Admission
  {
    let owner = registry.account(named: name)
    if let owner, let key, owner.opens(with: key) {
      return Admission(member: owner.member, name: owner.name, key: key, isKnownAgain: token?.member == owner.member)
    }
    let token = token.flatMap { registry.account(of: $0.member) == nil ? $0 : nil }
    var admission = Admission(name: name, key: key)
    // One key owns one name.
    let isFree = key.map { registry.account(with: $0) == nil } ?? false
    admission.claims = isFree && registry.accountCount + proposals.claims < Registry.maximumAccounts
    if let token, let member = members[token.member], member.name == name {
      admission.member = token.member
      admission.name = member.name
      admission.isKnownAgain = true
      // A member from before the server became invite-only may return, and owns the name once invited.
      if settings.isInviteOnly, admission.claims, !mayBecomeFirstOperator(turn.caller) {
        admission.invitation = try? invitation(turn.caller.tags)
        admission.claims = admission.invitation != nil
      }
      return admission
    }
    if settings.isInviteOnly {
      guard isFree else { throw RequestError(.inviteRequired) }
      guard admission.claims else { throw RequestError(.tooManyAccounts) }
      if !mayBecomeFirstOperator(turn.caller) { admission.invitation = try invitation(turn.caller.tags) }
    }
    guard name.text.hasLetterOrDigit else { throw RequestError(.invalidUsername) }
    guard owner == nil else { throw RequestError(.usernameReserved) }
    guard !roster.contains(name) else { throw RequestError(.usernameTaken) }
    guard !isReserved(name) else { throw RequestError(.usernameReserved, text: ErrorCode.keptName) }
    guard !looks.contains(lookalikeOf: name), !registry.looks.contains(lookalikeOf: name) else {
      throw RequestError(.usernameConfusable)
    }
    // A present member is logged in under one name: under another name, the client becomes a new member.
    admission.member = token.flatMap { members[$0.member] == nil ? $0.member : nil }
    admission.isKnownAgain = admission.member != nil
    return admission
  }

  /// Whether the name is, or looks like, one that the server uses for itself.
  private func isReserved(_ name: Nickname) -> Bool {
    let look = name.skeleton
    let reserved = settings.limits.reservedNames
    return look == Nickname.host.skeleton || reserved.contains { $0.skeleton == look }
  }

  /// The registry changes that a login makes: the key may claim the name, an invitation may lose a use, and the first
  /// client that proves a key on the host becomes an operator.
  /// - Parameter admission: its member must be drawn already.
  mutating func changes(of admission: inout Admission, _ turn: borrowing Turn) -> [RegistryChange] {
    guard let key = admission.key, let member = admission.member else { return [] }
    var changes: [RegistryChange] = []
    if var invitation = admission.invitation {
      invitation.uses -= 1
      changes.append(.invitation(invitation))
    }
    let earlier = registry.account(of: member)
    var account = earlier
    if account == nil, admission.claims, mayClaim(admission, turn) {
      account = Account(
        member: member, name: admission.name, keys: [AccountKey(key: key, added: wall)], created: wall)
      admission.countsAsClaim = admission.invitation == nil
    }
    guard var account, account.opens(with: key) else { return changes }
    let isFirstOperator = mayBecomeFirstOperator(turn.caller)
    if isFirstOperator { account.isOperator = true }
    if account != earlier { changes.append(.account(account)) }
    if isFirstOperator {
      changes.append(act(.makeOperator, account.name.text, "the first from the host itself", by: .host))
    }
    return changes
  }

  /// Attaches the session to the admitted member.
  mutating func enter(_ admission: Admission, _ turn: inout Turn) -> Session.Presence {
    if admission.countsAsClaim { noteClaim(turn.caller.peer, at: turn.now) }
    return admit(
      turn.caller.session, as: admission.member ?? newMember(), named: admission.name, key: admission.key,
      isKnown: admission.isKnown, &turn)
  }

  /// Whether the login may claim its name. Claims by invitation are limited by the invitation's uses instead.
  private func mayClaim(_ admission: Admission, _ turn: borrowing Turn) -> Bool {
    guard admission.invitation == nil else { return true }
    // Claiming a name would circumvent a mute of guests from that address.
    return guestSanction(.mute, turn.caller.peer) == nil && mayClaim(turn.caller.peer, at: turn.now)
  }

  /// Whether the login may make its account the first operator. This happens once in the life of a log; a later operator
  /// is named through the control socket. A client on the host could read the server's files anyway; the control socket
  /// itself has no identity.
  func mayBecomeFirstOperator(_ caller: Caller) -> Bool {
    !registry.hadOperator && caller.peer.isHost && !caller.isControl
  }
}
