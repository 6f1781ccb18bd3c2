import ChatProtocol

/// What somebody was given at a login, to be known again by.
struct Token: Hashable, Sendable {
  var member: MemberID
  /// What they were called.
  var name: Nickname
  /// Which login it was given at: whoever resumes with it ends that connection, and no other.
  var login: UInt64
}
