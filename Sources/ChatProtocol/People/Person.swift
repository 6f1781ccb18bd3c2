/// Somebody who is here.
public struct Person: Hashable, Sendable {
  public var name: Nickname
  /// What they left word of, perhaps nothing, while away; nil while they are here.
  public var away: String?
  /// Nobody owns the name, on a server where names are owned.
  public var isGuest: Bool

  public init(_ name: Nickname, away: String? = nil, isGuest: Bool = false) {
    self.name = name
    self.away = away
    self.isGuest = isGuest
  }
}
