import ChatProtocol
import ChatRecords

/// The identity and conditions under which a login or resumption is accepted.
struct AcceptedLogin: Sendable {
  /// Nil: a new member, whose ID is not drawn yet.
  var member: MemberID?
  /// Whether the log may have records of the member.
  var isKnown = false
  /// The nickname as it will be shown.
  var name: Nickname
  /// The key that the client proved to hold.
  var key: PublicKey?
  /// Whether the client's token belongs to this member.
  var isKnownAgain = false
  /// Whether that token was given under this name.
  var keepsName = false
  /// The key owns the name from now on.
  var claims = false
  /// The reason why the login does not give the name to the key although it `claims` it; nil if there is none.
  var obstacle: ClaimObstacle?
  /// This login gives the name to the key, and counts as a claim of its address block.
  var countsAsClaim = false
  /// The number of rooms that a resumption opens.
  var openedRooms = 0
  /// The login consumes one use of this invitation.
  var invitation: Invitation?
}

/// The reason why a key cannot claim its name at this login. It may at a later one.
enum ClaimObstacle: Sendable {
  /// Guests at the address are muted.
  case mute
  /// Too many names were claimed from the address block.
  case manyClaims

  /// A message for the user.
  var sentence: String {
    switch self {
    case .mute:
      "The name does not belong to you yet: guests from your address are muted. Log in again when the mute has ended."
    case .manyClaims:
      "The name does not belong to you yet: too many were given to your address lately. Log in again in an hour."
    }
  }
}
