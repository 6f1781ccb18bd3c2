import ChatProtocol
import ChatRecords
import Crypto

// Invitation codes for an invite-only server. Only the digest of a code is kept.

extension Hub {
  mutating func makeInvitation(uses: Int, for span: AdminRequest.Span, _ turn: inout Turn) throws(RequestError) {
    try requireOperator(turn.caller)
    guard AdminRequest.inviteUses.contains(uses) else { throw RequestError(.invalidRequest) }
    let expired = registry.expiredInvitations(at: wall)
    guard registry.invitationCount - expired.count < Registry.maximumInvitations else {
      throw RequestError(.tooManyInvitations)
    }
    lastInvitation += 1
    let code = nonces.invitation(lastInvitation)
    var invitation = Invitation(digest: Self.digest(of: code), uses: uses, expires: nil, by: turn.caller.actor)
    if case .seconds(let seconds) = span { invitation.expires = wall.advanced(by: .seconds(seconds)) }
    let changes =
      expired.map(Self.forgetting) + [
        .invitation(invitation), act(.admit, "*", uses.counted("use"), by: turn.caller.actor),
      ]
    propose(changes, answer: .invitation(code: Base64URL.encode(code)), &turn)
  }

  /// The valid invitation that a login request carries.
  func invitation(_ tags: RequestTags) throws(RequestError) -> Invitation {
    guard let text = tags.invitation else { throw RequestError(.inviteRequired) }
    guard let code = Base64URL.decode(text, bytes: Nonces.invitationBytes),
      let invitation = registry.invitation(Self.digest(of: code)), invitation.holds(at: wall)
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
