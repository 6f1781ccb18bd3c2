import ChatProtocol

/// The state of the user's session with a server after a login.
public struct Standing: Hashable, Sendable, Codable {
  /// The connection is encrypted and authenticated.
  public var isEncrypted: Bool
  /// The pin that the server has proved; nil without encryption.
  public var pin: Pin?
  /// The name belongs to the user's key.
  public var isOwned: Bool
  public var isOperator: Bool

  public init(isEncrypted: Bool = false, pin: Pin? = nil, isOwned: Bool = false, isOperator: Bool = false) {
    self.isEncrypted = isEncrypted
    self.pin = pin
    self.isOwned = isOwned
    self.isOperator = isOperator
  }
}
