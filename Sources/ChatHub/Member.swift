import ChatProtocol

/// Somebody who is here, on one terminal or on several.
struct Member: Sendable {
  let id: MemberID
  let name: Nickname
  /// In the order of their logins.
  var sessions: [SessionID]
  /// What they left word of, while away.
  var away: String?
  var record: MemberRecord

  static let maximumSessions = 8
}
