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
  /// This login gives the name to the key, and counts as a claim of its address block.
  var countsAsClaim = false
  /// The number of rooms that a resumption opens.
  var openedRooms = 0
  /// The login consumes one use of this invitation.
  var invitation: Invitation?
}
