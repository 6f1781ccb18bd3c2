/// The state of the user's session with a server after a login.
public struct Standing: Hashable, Sendable, Codable {
  /// The connection is encrypted and authenticated.
  public var isEncrypted: Bool
  /// The name belongs to the user's key.
  public var isOwned: Bool
  public var isOperator: Bool

  public init(isEncrypted: Bool = false, isOwned: Bool = false, isOperator: Bool = false) {
    self.isEncrypted = isEncrypted
    self.isOwned = isOwned
    self.isOperator = isOperator
  }
}
