import ChatProtocol

/// Somebody who is here.
public struct Person: Hashable, Sendable {
  public var name: Nickname
  /// What the person left word of, while away.
  public var away: String?

  public init(name: Nickname, away: String? = nil) {
    self.name = name
    self.away = away
  }
}
