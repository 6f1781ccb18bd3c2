/// A key with a proof of possession, which the owner of a name needs to add the key to the account. The proof prevents
/// an owner from adding another user's key, which would keep that user from ever owning a name. One word.
///
///     request = key "." proof        both in base64url
public struct KeyRequest: Hashable, Sendable {
  public let key: PublicKey
  /// An Ed25519 signature of `statement`.
  public let proof: [UInt8]

  /// - Returns: nil if the proof has the wrong length.
  public init?(key: PublicKey, proof: [UInt8]) {
    guard proof.count == LoginChallenge.proofBytes else { return nil }
    self.key = key
    self.proof = proof
  }

  public init?(_ word: some StringProtocol) {
    let parts = String(word).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let key = PublicKey(parts[0]),
      let proof = Base64URL.decode(parts[1], bytes: LoginChallenge.proofBytes)
    else { return nil }
    self.init(key: key, proof: proof)
  }

  public var text: String { "\(key.text).\(Base64URL.encode(proof))" }

  /// The signed bytes. Their first words are used for nothing else. The request is valid for one name on one server, so
  /// that a third party who obtains it cannot add the key to a different name.
  /// - Parameter pin: the server's pin.
  public static func statement(of key: PublicKey, for name: Nickname, on pin: Pin) -> [UInt8] {
    Array("swiftchat key 1\n".utf8) + pin.bytes + key.bytes + Array(name.folded.utf8)
  }
}
