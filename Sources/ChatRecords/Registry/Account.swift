import ChatProtocol

/// A name owned by the member who first logged in under it with a key.
public struct Account: Hashable, Sendable, Codable {
  public var member: MemberID
  public var name: Nickname
  /// Oldest first; at least one. Each of the keys opens the account.
  public var keys: [AccountKey]
  public var isOperator: Bool
  public var created: Timestamp

  public init(
    member: MemberID, name: Nickname, keys: [AccountKey], isOperator: Bool = false, created: Timestamp
  ) {
    self.member = member
    self.name = name
    self.keys = keys
    self.isOperator = isOperator
    self.created = created
  }

  /// Whether the key is one of the account's keys.
  public func opens(with key: PublicKey?) -> Bool { key.map { key in keys.contains { $0.key == key } } ?? false }
}
