/// Somebody who is here.
public struct Person: Hashable, Sendable {
  public var name: Nickname
  /// What they left word of, perhaps nothing, while away; nil while they are here.
  public var away: String?

  public init(_ name: Nickname, away: String? = nil) {
    self.name = name
    self.away = away
  }
}
