import TerminalTypes

/// The bytes after ESC `O` (SS3): function keys of most terminals, and other keys in application mode.
struct ShiftedSequence: Sendable {
  private var digits: [UInt8] = []
  /// Whether it began with a C1 control, which no key sends.
  private let isCertain: Bool

  init(isCertain: Bool = false) { self.isCertain = isCertain }

  /// Whether the bytes so far may be a key with Alt.
  var canBeKey: Bool { digits.isEmpty && !isCertain }

  /// - Returns: false if the byte is not part of the modifiers that old terminals send before the letter.
  mutating func append(_ byte: UInt8) -> Bool {
    guard digits.count < 8, byte.isDigit || byte == UInt8(ascii: ";") && !digits.isEmpty else { return false }
    digits.append(byte)
    return true
  }

  func key(final: UInt8) -> Key? {
    switch final {
    case UInt8(ascii: "A")...UInt8(ascii: "H"), UInt8(ascii: "P")...UInt8(ascii: "S"):
      return Key.Symbol(letter: final).map { Key($0, modifiers) }
    case UInt8(ascii: "a")...UInt8(ascii: "d"):
      // rxvt's arrows with Control.
      return Key.Symbol(letter: final - 0x20).map { Key($0, .control) }
    case UInt8(ascii: "M"): return Key(.enter, modifiers)
    // Keypad keys: the character plus 0x40, except for the equals sign.
    case UInt8(ascii: "X"): return Key(.character("="), modifiers)
    case UInt8(ascii: "j")...UInt8(ascii: "y"):
      return Key(.character(Character(Unicode.Scalar(final - 0x40))), modifiers)
    default: return nil
    }
  }

  private var modifiers: Key.Modifiers {
    let last = digits.split(separator: UInt8(ascii: ";")).last ?? []
    // A modifier parameter has one digit, rarely two.
    guard !last.isEmpty, last.count <= 2 else { return [] }
    return Key.Modifiers(parameter: last.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
  }
}
