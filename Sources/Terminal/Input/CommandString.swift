/// A control string from the terminal, unsolicited or as an answer (ECMA-48, 5.6: OSC, DCS, APC, PM, SOS). Another
/// program may have asked before this one; the answer must not be read as typing.
///
/// A control string begins with the same bytes as a key with Alt. It is a string if more bytes arrive together with
/// them.
struct CommandString: Sendable {
  private let introducer: UInt8
  /// Whether it began with a C1 control, which no key sends.
  private let isCertain: Bool
  private var count = 0
  private var isAfterEscape = false
  private var last: UInt8 = 0
  /// The first bytes, up to `kept`.
  private(set) var beginning: [UInt8] = []

  /// Longer than any answer that this program reads.
  private static let kept = 64

  static let introducers: Set<UInt8> = [0x5d, 0x50, 0x5f, 0x5e, 0x58]

  /// - Parameter introducer: one of `introducers`, in its 7-bit form even if it arrived as a C1 control.
  init(introducer: UInt8, isCertain: Bool = false) {
    self.introducer = introducer
    self.isCertain = isCertain
  }

  /// The key that sends the same first bytes together with Alt.
  var key: Character { Character(Unicode.Scalar(introducer)).lowercase }

  /// Whether the bytes so far may be a key with Alt.
  var canBeKey: Bool { !isCertain && (count == 0 || isOnlyEscape) }

  /// Whether only an ESC followed: the Escape key, or the start of another key.
  var isOnlyEscape: Bool { count == 1 && isAfterEscape }

  var isOSC: Bool { introducer == UInt8(ascii: "]") }

  enum StringStep: Hashable {
    case continues
    /// The byte is the last one of the string.
    case ended
    /// The string was cut off; the byte does not belong to it.
    case brokenOff
    /// The string was cut off; the byte and the ESC before it do not belong to it.
    case brokenOffByEscape
    /// It was a key with Alt; the byte does not belong to it.
    case isKey
    /// It was a key with Alt; the byte and the ESC before it do not belong to it.
    case isKeyBeforeEscape
  }

  mutating func append(_ byte: UInt8) -> StringStep {
    defer { last = byte }
    if isAfterEscape {
      if byte == UInt8(ascii: "\\") { return .ended }
      return canBeKey ? .isKeyBeforeEscape : .brokenOffByEscape
    }
    // A control character is a key of its own.
    if canBeKey, byte < 0x20 && byte != .escape || byte == .delete { return .isKey }
    count = min(count + 1, 2)
    switch byte {
    case .escape: isAfterEscape = true
    case 0x07, 0x18, 0x1a: return .ended
    // ST as one byte, or in UTF-8, but not as part of another character.
    case 0x9c where last < 0x80 || last == 0xc2: return .ended
    case .interrupt: return .brokenOff
    default: if beginning.count < Self.kept { beginning.append(byte) }
    }
    return .continues
  }

  /// Whether late bytes contain the terminator of a string.
  static func isEnd(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.contains(0x07) || zip(bytes, bytes.dropFirst()).contains { $0 == .escape && $1 == UInt8(ascii: "\\") }
  }
}
