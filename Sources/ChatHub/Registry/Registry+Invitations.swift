import ChatProtocol
import ChatRecords
import Crypto

// Invitation codes for an invite-only server. Only the digest of a code is kept.

extension Registry {
  /// - Parameter code: a new code, which only the answer contains.
  func addInvitation(
    _ code: [UInt8], uses: Int, for span: AdminRequest.Span, _ turn: borrowing Turn
  ) throws(RequestError) -> Proposal {
    try requireOperator(turn.caller)
    guard AdminRequest.inviteUses.contains(uses) else { throw RequestError(.invalidRequest) }
    let expired = expiredInvitations(at: turn.wall)
    guard invitationCount - expired.count < Self.maximumInvitations else { throw RequestError(.tooManyInvitations) }
    let by = turn.caller.actor
    var invitation = Invitation(digest: Self.digest(of: code), uses: uses, expires: nil, by: by)
    if case .seconds(let seconds) = span { invitation.expires = turn.wall.advanced(by: .seconds(seconds)) }
    return Proposal(
      changes: expired.map(Self.forgetting) + [.invitation(invitation)],
      act: ProposedAct(.admit, "*", uses.counted("use"), by: by), answer: .invitation(code: Base64URL.encode(code)))
  }

  /// The valid invitation that a login request carries.
  func invitation(_ tags: RequestTags, at wall: Timestamp) throws(RequestError) -> Invitation {
    guard let text = tags.invitation else { throw RequestError(.inviteRequired) }
    guard let code = Base64URL.decode(text, bytes: Nonces.invitationBytes),
      let invitation = invitation(Self.digest(of: code)), invitation.holds(at: wall)
    else { throw RequestError(.invalidInvite) }
    return invitation
  }

  private static func forgetting(_ invitation: Invitation) -> RegistryChange {
    var forgotten = invitation
    forgotten.uses = 0
    return .invitation(forgotten)
  }

  private static func digest(of code: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: code)) }
}
