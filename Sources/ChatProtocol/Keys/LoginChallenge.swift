/// What a server asks a client to sign at a login: a number used for this one connection.
public struct LoginChallenge: Hashable, Sendable {
  public static let bytes = 32
  /// An Ed25519 signature's.
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

  /// The bytes that are signed. Their first words are used for nothing else; the pin is the one that the client saw,
  /// and so a server that passes the signature on to another one is refused there.
  /// - Parameter name: as it stands in `LOGIN`, or as it was when the token of `RESUME` was given.
  public func statement(to pin: Pin, as name: Nickname) -> [UInt8] {
    Array("swiftchat login 1\n".utf8) + bytes + pin.bytes + Array(name.text.utf8)
  }
}
