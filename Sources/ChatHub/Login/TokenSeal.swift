import ChatProtocol
import ChatRecords
import Crypto

/// Issues and verifies tokens. A token contains all its data, so that none need be stored, and stays valid after a
/// restart with the same log secret.
///
///     token = hexadecimal( version member login name code )
///
/// The version is one byte; member and login are eight bytes each, big-endian; the code is an HMAC-SHA256 of all
/// preceding bytes. With the longest name a token has 162 characters.
struct TokenSeal: Sendable {
  private let key: SymmetricKey

  private static let version: UInt8 = 1
  private static let numberBytes = 8
  private static let headBytes = 1 + 2 * numberBytes
  private static let codeBytes = 32
  private static let allowedBytes = (headBytes + 1 + codeBytes)...(headBytes + Nickname.maximumBytes + codeBytes)

  /// - Parameter secret: the log's secret; tokens sealed with another one are rejected.
  init(secret: [UInt8]) {
    key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: secret), info: Array("swiftchat token".utf8), outputByteCount: 32)
  }

  func close(_ token: Token) -> String {
    var bytes = [Self.version]
    bytes.append(bigEndian: UInt64(bitPattern: token.member.number))
    bytes.append(bigEndian: token.login.number)
    bytes.append(contentsOf: token.name.text.utf8)
    bytes.append(contentsOf: HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    return bytes.hexadecimal
  }

  /// - Returns: nil if the text is no valid token of this seal.
  func open(_ text: String) -> Token? {
    guard text.utf8.count <= 2 * Self.allowedBytes.upperBound, let bytes = [UInt8](hexadecimal: text),
      Self.allowedBytes.contains(bytes.count)
    else { return nil }
    let content = bytes.dropLast(Self.codeBytes)
    // Constant-time comparison.
    guard HMAC<SHA256>.isValidAuthenticationCode(bytes.suffix(Self.codeBytes), authenticating: content, using: key),
      content.first == Self.version, let name = Nickname(String(decoding: content[Self.headBytes...], as: UTF8.self))
    else { return nil }
    let member = UInt64(bigEndian: content[1..<(1 + Self.numberBytes)])
    let login = UInt64(bigEndian: content[(1 + Self.numberBytes)..<Self.headBytes])
    return Token(member: MemberID(Int64(truncatingIfNeeded: member)), name: name, login: LoginID(login))
  }
}

extension UInt64 {
  fileprivate init(bigEndian bytes: ArraySlice<UInt8>) { self = bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}

extension [UInt8] {
  fileprivate mutating func append(bigEndian number: UInt64) {
    for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
  }

  fileprivate var hexadecimal: String {
    let digits = Array<UInt8>("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * count)
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// - Returns: nil if the text is not pairs of lower-case hexadecimal digits: each token has a single spelling.
  fileprivate init?(hexadecimal text: String) {
    guard text.utf8.count.isMultiple(of: 2) else { return nil }
    self = []
    reserveCapacity(text.utf8.count / 2)
    var high: UInt8?
    for character in text.utf8 {
      let digit: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
  }
}
