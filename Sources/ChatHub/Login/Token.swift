import ChatProtocol
import ChatRecords

/// The content of a token, which is issued at a login and proves the member's identity later.
struct Token: Hashable, Sendable {
  var member: MemberID
  /// The member's nickname at that login.
  var name: Nickname
  /// Identifies the login: resuming with the token ends that connection, and no other.
  var login: LoginID
}
