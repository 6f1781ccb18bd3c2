import ChatProtocol
import Crypto

/// The key that identifies a user to servers. A server treats the holder of the key as that user.
public struct Identity: Sendable {
  /// Length of `secret` in bytes.
  public static let bytes = 32

  private let key: Curve25519.Signing.PrivateKey
  public let publicKey: PublicKey

  /// Generates a new key.
  public init() { self.init(Curve25519.Signing.PrivateKey()) }

  /// - Parameter secret: a value of `secret`.
  /// - Returns: nil if the length is wrong.
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

  /// Signs a request to the owner of a name to allow this key for the name, too.
  /// - Parameter pin: the pin of the server that has the name.
  /// - Returns: nil if signing fails.
  public func request(for name: Nickname, on pin: Pin) -> KeyRequest? {
    let statement = KeyRequest.statement(of: publicKey, for: name, on: pin)
    guard let signature = try? key.signature(for: statement) else { return nil }
    return KeyRequest(key: publicKey, proof: Array(signature))
  }

  /// Proves to one server, on one connection, that the user of a name holds this key.
  /// - Parameter pin: the pin of the server, as seen on this connection.
  /// - Returns: nil if signing fails.
  func proof(of challenge: LoginChallenge, to pin: Pin, as name: Nickname) -> Proof? {
    guard let signature = try? key.signature(for: challenge.statement(to: pin, as: name)) else { return nil }
    return Proof(key: publicKey, signature: Array(signature))
  }
}

/// The key and signature of a login.
struct Proof: Hashable, Sendable {
  var key: PublicKey
  /// 64 bytes.
  var signature: [UInt8]
}
