import ChatProtocol
import ChatRecords

// Which logins are accepted, under which name and as which member. A name belongs to the first key that logged in under
// it; only a client with the key can use the name, whatever its token says.

extension Hub {
  /// - Parameters:
  ///   - token: the token that the client sent; ignored if its member owns a name.
  ///   - key: the key that the client proved to hold.
  func accept(
    _ name: Nickname, _ token: Token?, _ key: PublicKey?, _ turn: borrowing Turn
  ) throws(RequestError) -> AcceptedLogin {
    let owner = registry.account(named: name)
    if let owner, let key, owner.opens(with: key) {
      return AcceptedLogin(
        member: owner.member, name: owner.name, key: key, isKnownAgain: token?.member == owner.member)
    }
    let token = token.flatMap { registry.account(of: $0.member) == nil ? $0 : nil }
    var login = AcceptedLogin(name: name, key: key)
    // One key owns one name.
    let isFree = key.map { registry.account(with: $0) == nil } ?? false
    login.claims = isFree && registry.accountCount + proposals.claims < Registry.maximumAccounts
    if let token, let member = people[token.member], member.name == name {
      login.member = token.member
      login.name = member.name
      login.isKnownAgain = true
      login.keepsName = true
      // A member from before the server became invite-only may return, and owns the name once invited.
      if settings.isInviteOnly, login.claims, !registry.mayBecomeFirstOperator(turn.caller) {
        login.invitation = try? registry.invitation(turn.caller.tags, at: turn.wall)
        login.claims = login.invitation != nil
      }
      return login
    }
    if settings.isInviteOnly {
      guard isFree else { throw RequestError(.inviteRequired) }
      guard login.claims else { throw RequestError(.tooManyAccounts) }
      if !registry.mayBecomeFirstOperator(turn.caller) {
        login.invitation = try registry.invitation(turn.caller.tags, at: turn.wall)
      }
    }
    // The person may have had the name before it was refused to others.
    if token?.name != name { try name.mustBeAllowedAsNew() }
    guard owner == nil else { throw RequestError(.usernameReserved) }
    guard people.present(name) == nil else { throw RequestError(.usernameTaken) }
    guard !Admission.isReserved(name, settings.limits) else {
      throw RequestError(.usernameReserved, text: ErrorCode.keptName)
    }
    guard !people.contains(lookalikeOf: name), !registry.skeletons.contains(lookalikeOf: name) else {
      throw RequestError(.usernameConfusable)
    }
    // A present member is logged in under one name: under another name, the client becomes a new member.
    login.member = token.flatMap { people[$0.member] == nil ? $0.member : nil }
    login.isKnownAgain = login.member != nil
    login.keepsName = login.isKnownAgain && token?.name == name
    return login
  }

  /// The registry changes that a login makes: the key may claim the name, an invitation may lose a use, and the first
  /// client that proves a key on the host becomes an operator.
  /// - Parameter login: its member must be drawn already.
  /// - Returns: nil if the login changes nothing.
  func changes(of login: inout AcceptedLogin, _ turn: borrowing Turn) -> Proposal? {
    guard let key = login.key, let member = login.member else { return nil }
    var proposal = Proposal(changes: [])
    if var invitation = login.invitation {
      invitation.uses -= 1
      proposal.changes.append(.invitation(invitation))
    }
    let earlier = registry.account(of: member)
    var account = earlier
    if account == nil, login.claims {
      login.obstacle = obstacle(to: login, turn)
      if login.obstacle == nil {
        account = Account(
          member: member, name: login.name, keys: [AccountKey(key: key, added: turn.wall)], created: turn.wall)
        login.countsAsClaim = login.invitation == nil
      }
    }
    if var account, account.opens(with: key) {
      if registry.mayBecomeFirstOperator(turn.caller) {
        account.isOperator = true
        proposal.act = ProposedAct(.makeOperator, account.name.text, "the first from the host itself", by: .host)
      }
      if account != earlier { proposal.changes.append(.account(account)) }
    }
    return proposal.changes.isEmpty && proposal.act == nil ? nil : proposal
  }

  /// The reason why the login may not claim its name yet; nil if it may. Claims by invitation are limited by the
  /// invitation's uses instead.
  private func obstacle(to login: AcceptedLogin, _ turn: borrowing Turn) -> ClaimObstacle? {
    guard login.invitation == nil else { return nil }
    // Claiming a name would circumvent a mute of guests from that address.
    if registry.guestSanction(.mute, turn.caller.peer, at: turn.wall) != nil { return .mute }
    return admission.mayClaim(turn.caller.peer, settings.limits, at: turn.now) ? nil : .manyClaims
  }
}
