import ChatProtocol
import ChatRecords

/// A member who is logged in, with one session or several.
struct Member: Sendable {
  let id: MemberID
  let name: Nickname
  /// In the order of their logins.
  var sessions: [SessionID]
  /// The away message; nil while the member is not away.
  var away: String?
  var record: MemberRecord

  static let maximumSessions = 8
  /// The away message is a tag in every list of members, and tags have limited space.
  static let maximumAwayBytes = 256
}
