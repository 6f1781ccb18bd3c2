import ChatProtocol
import Crypto

// Invitation codes for an invite-only server. Only the digest of a code is kept.

extension Hub {
  mutating func makeInvitation(
    uses: Int, for span: AdminRequest.Span, _ request: Request, _ context: RequestContext,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    try requireOperator(context, request.verb)
    guard AdminRequest.inviteUses.contains(uses) else { throw RequestError(.invalidRequest, request.verb) }
    let expired = registry.expiredInvitations(at: wall)
    guard registry.invitationCount - expired.count < Registry.maximumInvitations else {
      throw RequestError(.tooManyInvitations, request.verb)
    }
    lastInvitation += 1
    let code = nonces.invitation(lastInvitation)
    var invitation = Invitation(digest: Self.digest(of: code), uses: uses, expires: nil, by: actor(context))
    if case .seconds(let seconds) = span { invitation.expires = wall.advanced(by: .seconds(seconds)) }
    let changes =
      expired.map(Self.forgetting) + [
        .invitation(invitation), act(.admit, "*", uses.counted("use"), by: actor(context)),
      ]
    propose(changes, request, context, answer: .invitation(code: Base64URL.encode(code)), into: &actions)
  }

  /// The valid invitation that a login request carries.
  func invitation(of request: Request) throws(RequestError) -> Invitation {
    guard let text = request.tags.invitation else { throw RequestError(.inviteRequired, request.verb) }
    guard let code = Base64URL.decode(text, bytes: Nonces.invitationBytes),
      let invitation = registry.invitation(Self.digest(of: code)), invitation.holds(at: wall)
    else { throw RequestError(.invalidInvite, request.verb) }
    return invitation
  }

  private static func forgetting(_ invitation: Invitation) -> RegistryChange {
    var forgotten = invitation
    forgotten.uses = 0
    return .invitation(forgotten)
  }

  private static func digest(of code: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: code)) }
}
