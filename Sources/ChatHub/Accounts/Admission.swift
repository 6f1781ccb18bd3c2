import ChatProtocol

/// As whom, and on which conditions, a login or a resumption lets somebody in.
struct Admission: Sendable {
  /// Nil: somebody new, whose number is not drawn yet.
  var member: MemberID?
  /// Whether the log may know of them.
  var isKnown = false
  /// As they will be shown.
  var name: Nickname
  /// What they proved to have.
  var key: PublicKey?
  /// Whether the token that they sent is this member's.
  var isKnownAgain = false
  /// The name is the key's from now on.
  var claims = false
  /// It comes to be the key's with this login, and counts among those of its address.
  var countsAsClaim = false
  /// One use of it is used up.
  var invitation: Invitation?
}
