/// A key, and the proof that whoever made the request has it: what the owner of a name needs to let the key open the name,
/// too. Nobody can add a key of somebody else, which would keep its owner from ever owning a name. One word.
///
///     request = key "." proof        both in base64url
public struct KeyRequest: Hashable, Sendable {
  public let key: PublicKey
  /// An Ed25519 signature of `statement`.
  public let proof: [UInt8]

  /// - Returns: nil where the proof has not so many bytes as one has.
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

  /// The bytes that are signed. Their first words are used for nothing else. The request is good for one name on one
  /// server: somebody who gets hold of it cannot add the key to a name of their own.
  /// - Parameter pin: what the server is known by.
  public static func statement(of key: PublicKey, for name: Nickname, on pin: Pin) -> [UInt8] {
    Array("swiftchat key 1\n".utf8) + pin.bytes + key.bytes + Array(name.folded.utf8)
  }
}
