import ChatProtocol
import Crypto

/// A key pair, derived from a number.
struct TestKey {
  private let privateKey: Curve25519.Signing.PrivateKey

  init(_ number: UInt8) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(repeating: number, count: 32)) else {
      preconditionFailure("any 32 bytes are a private key")
    }
    privateKey = key
  }

  var key: PublicKey {
    guard let key = PublicKey(Array(privateKey.publicKey.rawRepresentation)) else {
      preconditionFailure("a public key has 32 bytes")
    }
    return key
  }

  func sign(_ challenge: LoginChallenge, as name: String, pin: Pin = .test) -> String {
    guard let nickname = Nickname(name),
      let proof = try? privateKey.signature(for: challenge.statement(to: pin, as: nickname))
    else { preconditionFailure("\(name) is a name, and a key signs anything") }
    return Base64URL.encode(Array(proof))
  }

  /// A request by which the owner of the name can add the key.
  func request(for name: String, pin: Pin = .test) -> String {
    guard let nickname = Nickname(name),
      let proof = try? privateKey.signature(for: KeyRequest.statement(of: key, for: nickname, on: pin)),
      let request = KeyRequest(key: key, proof: Array(proof))
    else { preconditionFailure("\(name) is a name, and a key signs anything") }
    return request.text
  }

  /// The tags of a login or resume that proves the name.
  func tags(_ challenge: LoginChallenge, as name: String, _ others: String = "") -> String {
    "@\(others)key=\(key.text);proof=\(sign(challenge, as: name)) "
  }
}

extension Pin {
  static let test: Pin = {
    guard let pin = Pin(Array(repeating: 7, count: Pin.bytes)) else { preconditionFailure("it has 32 bytes") }
    return pin
  }()
}
