/// The public half of the Ed25519 key by which a server knows a person (RFC 8032). As text: 43 characters of base64url.
public struct PublicKey: Hashable, Sendable {
  public static let bytes = 32

  public let bytes: [UInt8]

  /// - Returns: nil where it is not 32 bytes. Whether they are a point of the curve shows when a signature is checked.
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
