import ChatProtocol
import Crypto

/// Unguessable numbers that never repeat, yet are reproduced by a replay: each is an HMAC-SHA256 under a key of this
/// run of the server, derived from the log's secret and the run's seed.
///
/// The generator of member and login IDs is unsuitable: its numbers appear in tokens, and the following ones can be
/// computed from them.
struct Nonces: Sendable {
  private let challenges: SymmetricKey
  private let invitations: SymmetricKey

  static let invitationBytes = 16

  init(secret: [UInt8], seed: UInt64) {
    func key(_ purpose: String) -> SymmetricKey {
      HKDF<SHA256>.deriveKey(
        inputKeyMaterial: SymmetricKey(data: secret), salt: seed.bigEndianBytes, info: Array(purpose.utf8),
        outputByteCount: 32)
    }
    challenges = key("swiftchat challenge")
    invitations = key("swiftchat invitation")
  }

  func challenge(for id: SessionID) -> LoginChallenge {
    guard let challenge = LoginChallenge(Self.code(id.number, challenges)) else {
      preconditionFailure("a SHA-256 and a challenge have 32 bytes")
    }
    return challenge
  }

  /// - Parameter number: must be different for each invitation.
  func invitation(_ number: UInt64) -> [UInt8] { Array(Self.code(number, invitations).prefix(Self.invitationBytes)) }

  private static func code(_ number: UInt64, _ key: SymmetricKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: number.bigEndianBytes, using: key))
  }
}

extension UInt64 {
  fileprivate var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
