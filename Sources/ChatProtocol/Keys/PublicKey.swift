/// The Ed25519 public key (RFC 8032) by which a server identifies a member. As text: 43 characters of base64url.
public struct PublicKey: Hashable, Sendable {
  public static let bytes = 32

  public let bytes: [UInt8]

  /// - Returns: nil unless there are 32 bytes. Signature checks find out whether they are a point of the curve.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.bytes else { return nil }
    self.bytes = bytes
  }

  public init?(_ text: some StringProtocol) {
    guard let bytes = Base64URL.decode(text, bytes: Self.bytes) else { return nil }
    self.bytes = bytes
  }

  public var text: String { Base64URL.encode(bytes) }
}

extension PublicKey: CustomStringConvertible {
  public var description: String { text }
}
