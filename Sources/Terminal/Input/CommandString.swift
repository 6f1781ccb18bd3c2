/// A string that a terminal sends as an answer (ECMA-48, 5.6: OSC or DCS). This program asks for none, but another may
/// have asked before it; nobody shall read them as typing.
struct CommandString: Sendable {
  private let introducer: UInt8
  private var count = 0
  private var isAfterEscape = false

  /// Where a terminal that never ends its string is no longer believed.
  private static let limit = 64 * 1024

  init(introducer: UInt8) { self.introducer = introducer }

  /// What Alt and which key also begin with the same bytes.
  var key: Character { introducer == UInt8(ascii: "P") ? "p" : "]" }

  var isEmpty: Bool { count == 0 }

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
  }

  mutating func append(_ byte: UInt8) -> Step {
    if count == 0, !canBegin(byte) { return .isKey }
    count += 1
    if isAfterEscape { return byte == UInt8(ascii: "\\") ? .ended : .brokenOffByEscape }
    switch byte {
    case .escape: isAfterEscape = true
    case 0x07, 0x18, 0x1a: return .ended
    case .interrupt: return .brokenOff
    default: break
    }
    return count < Self.limit ? .continues : .ended
  }

  /// Answers begin with a number or with a sign that tells what they answer.
  private func canBegin(_ byte: UInt8) -> Bool {
    if byte.isDigit { return true }
    return introducer == UInt8(ascii: "P") && [0x21, 0x24, 0x2b, 0x3d, 0x3e].contains(byte)
  }
}
