/// How one stands with a server, after a login.
public struct Standing: Hashable, Sendable {
  /// Nobody on the way can read or change what is said.
  public var isEncrypted: Bool
  /// The name belongs to one's key.
  public var isOwned: Bool
  public var isOperator: Bool

  public init(isEncrypted: Bool = false, isOwned: Bool = false, isOperator: Bool = false) {
    self.isEncrypted = isEncrypted
    self.isOwned = isOwned
    self.isOperator = isOperator
  }
}
