import ChatProtocol

/// A user who is logged in.
public struct Person: Hashable, Sendable, Codable {
  public var name: Nickname
  /// The away message, possibly empty; nil unless the user is away.
  public var away: String?
  /// The name has no owner, on a server where names can be owned.
  public var isGuest: Bool

  public init(_ name: Nickname, away: String? = nil, isGuest: Bool = false) {
    self.name = name
    self.away = away
    self.isGuest = isGuest
  }
}
