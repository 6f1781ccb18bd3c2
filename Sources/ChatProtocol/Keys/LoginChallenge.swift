/// The nonce that a server asks a client to sign at a login: random, and used for one connection only.
public struct LoginChallenge: Hashable, Sendable {
  public static let bytes = 32
  /// Length of an Ed25519 signature.
  public static let proofBytes = 64

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

  /// The signed bytes. Their first words are used for nothing else. They include the pin that the client saw, so that a
  /// server cannot forward the signature to another server.
  /// - Parameter name: as written in `LOGIN`, or as it was when the token of `RESUME` was issued.
  public func statement(to pin: Pin, as name: Nickname) -> [UInt8] {
    Array("swiftchat login 1\n".utf8) + bytes + pin.bytes + Array(name.text.utf8)
  }
}
