/// A control string that a terminal sends by itself or as an answer (ECMA-48, 5.6: OSC, DCS, APC, PM, SOS). Other
/// programs may have asked before this one; nobody shall read them as typing.
///
/// Each begins with the same bytes as a key with Alt, and is one if more bytes come together with them.
struct CommandString: Sendable {
  private let introducer: UInt8
  /// Whether it began with a C1 control, which no key sends.
  private let isCertain: Bool
  private var count = 0
  private var isAfterEscape = false
  private var last: UInt8 = 0
  /// As far as it is of interest.
  private(set) var beginning: [UInt8] = []

  /// Longer than any answer that this program wants to read.
  private static let kept = 64

  static let introducers: Set<UInt8> = [0x5d, 0x50, 0x5f, 0x5e, 0x58]

  /// - Parameter introducer: one of `introducers`, also where it came as a C1 control.
  init(introducer: UInt8, isCertain: Bool = false) {
    self.introducer = introducer
    self.isCertain = isCertain
  }

  /// What Alt and which key also begin with the same bytes.
  var key: Character { Character(Unicode.Scalar(introducer)).lowercase }

  /// Whether all that came may be a key with Alt.
  var canBeKey: Bool { !isCertain && (count == 0 || isOnlyEscape) }

  /// Whether an Escape, or the beginning of another key, came right behind it.
  var isOnlyEscape: Bool { count == 1 && isAfterEscape }

  var isOSC: Bool { introducer == UInt8(ascii: "]") }

  enum Step: Hashable {
    case continues
    /// The byte was the last one.
    case ended
    /// The byte does not belong to the string, which is over.
    case brokenOff
    /// The same, and an ESC before it does not belong either.
    case brokenOffByEscape
    /// There was no string, but a key with Alt; the byte does not belong to it.
    case isKey
    /// The same, and an ESC before it does not belong either.
    case isKeyBeforeEscape
  }

  mutating func append(_ byte: UInt8) -> Step {
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
    // ST as one byte, or in UTF-8, but not as a part of another character.
    case 0x9c where last < 0x80 || last == 0xc2: return .ended
    case .interrupt: return .brokenOff
    default: if beginning.count < Self.kept { beginning.append(byte) }
    }
    return .continues
  }

  /// Whether bytes that came late contain what ends a string.
  static func isEnd(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.contains(0x07) || zip(bytes, bytes.dropFirst()).contains { $0 == .escape && $1 == UInt8(ascii: "\\") }
  }
}
