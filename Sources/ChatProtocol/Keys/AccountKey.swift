/// One of the keys that open an account.
public struct AccountKey: Hashable, Sendable, Codable {
  public var key: PublicKey
  public var added: Timestamp
  /// The owner's name for the key, such as the name of a machine. May be empty.
  public var label: String

  public init(key: PublicKey, added: Timestamp, label: String = "") {
    self.key = key
    self.added = added
    self.label = label
  }
}
