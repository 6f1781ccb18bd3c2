import ChatProtocol
import Crypto

extension PublicKey {
  /// Whether the statement was signed with this key.
  func signed(_ statement: [UInt8], with proof: [UInt8]) -> Bool {
    guard !isSmallOrder, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
    return key.isValidSignature(proof, for: statement)
  }

  /// Whether the key is one of the few points for which signatures can be made without a private key, so that they
  /// prove nothing. Verification alone accepts them (RFC 8032, 8.8; the list is that of libsodium).
  var isSmallOrder: Bool {
    var point = bytes
    // The sign of x makes no difference.
    point[point.count - 1] &= 0x7f
    return Self.smallOrder.contains(point)
  }

  private static let smallOrder: Set<[UInt8]> = [
    Array(repeating: 0, count: bytes),
    [1] + Array(repeating: 0, count: bytes - 1),
    [
      0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
      0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
      0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
      0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    // −1, and the non-canonical encodings of 0 and 1 modulo 2²⁵⁵ − 19.
    nearPrime(0xec), nearPrime(0xed), nearPrime(0xee),
  ]

  private static func nearPrime(_ first: UInt8) -> [UInt8] {
    [first] + Array(repeating: 0xff, count: bytes - 2) + [0x7f]
  }
}
