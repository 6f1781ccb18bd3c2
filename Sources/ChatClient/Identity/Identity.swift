import ChatProtocol
import Crypto

/// The key by which servers know a person. Who has it is that person, to them.
public struct Identity: Sendable {
  /// What `secret` has.
  public static let bytes = 32

  private let key: Curve25519.Signing.PrivateKey
  public let publicKey: PublicKey

  /// A new one.
  public init() { self.init(Curve25519.Signing.PrivateKey()) }

  /// - Parameter secret: what `secret` was.
  /// - Returns: nil where it has not so many bytes.
  public init?(secret: [UInt8]) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret) else { return nil }
    self.init(key)
  }

  private init(_ key: Curve25519.Signing.PrivateKey) {
    guard let publicKey = PublicKey(Array(key.publicKey.rawRepresentation)) else {
      preconditionFailure("an Ed25519 key has 32 bytes")
    }
    self.key = key
    self.publicKey = publicKey
  }

  /// The seed of the private key (RFC 8032, 5.1.5).
  public var secret: [UInt8] { Array(key.rawRepresentation) }

  /// Asks the owner of a name to let the key open it, too.
  /// - Parameter pin: of the server where the name is.
  /// - Returns: nil where it cannot be signed.
  public func request(for name: Nickname, on pin: Pin) -> KeyRequest? {
    let statement = KeyRequest.statement(of: publicKey, for: name, on: pin)
    guard let signature = try? key.signature(for: statement) else { return nil }
    return KeyRequest(key: publicKey, proof: Array(signature))
  }

  /// Proves to one server, on one connection, that a name is used by who has this key.
  /// - Parameter pin: of the server that is spoken with, as it was seen.
  /// - Returns: nil where it cannot be signed.
  func proof(of challenge: LoginChallenge, to pin: Pin, as name: Nickname) -> Proof? {
    guard let signature = try? key.signature(for: challenge.statement(to: pin, as: name)) else { return nil }
    return Proof(key: publicKey, signature: Array(signature))
  }
}

/// What a login with a key says.
struct Proof: Hashable, Sendable {
  var key: PublicKey
  /// 64 bytes.
  var signature: [UInt8]
}
