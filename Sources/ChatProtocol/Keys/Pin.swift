/// Identifies a server: the SHA-256 of its certificate's public key (SubjectPublicKeyInfo, as in RFC 7469). Renewing
/// the certificate with the same key does not change it. As text: 43 characters of base64url.
public struct Pin: Hashable, Sendable {
  public static let bytes = 32

  public let bytes: [UInt8]

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

extension Pin: CustomStringConvertible {
  public var description: String { text }
}
