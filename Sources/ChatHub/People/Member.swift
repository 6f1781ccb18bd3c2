import ChatProtocol
import ChatRecords

/// A member who is logged in, with one login or several, on this hub or others.
struct Member: Sendable {
  let id: MemberID
  let name: Nickname
  /// In their order.
  var logins: [MemberLogin] = [] {
    didSet { sessions = logins.compactMap(\.session) }
  }
  /// The member's sessions on this hub, in the order of their logins. Kept, because every direct message reads them.
  private(set) var sessions: [SessionID] = []
  /// The away message; nil while the member is not away.
  var away: String?
  var record = MemberRecord(.elsewhere)

  static let maximumLogins = 8
  /// The away message is a tag in every list of members, and tags have limited space.
  static let maximumAwayBytes = 256

  init(id: MemberID, name: Nickname) {
    self.id = id
    self.name = name
  }
}

/// A login, and its session if it is on this hub.
struct MemberLogin: Sendable {
  var login: Login
  /// Nil on other hubs, and after the session's end until the feed brings the departure.
  var session: SessionID?
}
