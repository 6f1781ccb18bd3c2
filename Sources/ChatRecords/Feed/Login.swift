import ChatProtocol

/// One login of a member: a session's time in the chat, on whichever hub.
public struct Login: Hashable, Sendable, Codable {
  public let id: LoginID
  /// The hub that has the session.
  public let hub: HubID
  public let member: MemberID
  /// The member's nickname, as it is shown.
  public let name: Nickname
  /// The key that the client proved to hold, whether or not it opens an account.
  public let key: PublicKey?
  /// The client's address; nil on the host itself.
  public let address: IPAddress?
  /// The rooms that the session is in, except the lobby.
  public var rooms: [RoomName]

  public init(
    _ id: LoginID, on hub: HubID, of member: MemberID, named name: Nickname, key: PublicKey?, address: IPAddress?,
    rooms: [RoomName] = []
  ) {
    self.id = id
    self.hub = hub
    self.member = member
    self.name = name
    self.key = key
    self.address = address
    self.rooms = rooms
  }
}

/// Identifies one login. Unique; sealed in the session's token.
public struct LoginID: Hashable, Sendable, Codable {
  public let number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// The end of a login.
public struct Departure: Hashable, Sendable, Codable {
  public var login: LoginID
  public var member: MemberID
  public var reason: LeaveReason

  public init(_ login: LoginID, of member: MemberID, _ reason: LeaveReason) {
    self.login = login
    self.member = member
    self.reason = reason
  }
}
