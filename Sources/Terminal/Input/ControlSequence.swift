import TerminalTypes

/// The bytes between ESC `[` and the final byte (ECMA-48, 5.4), and the meaning of the sequence.
struct ControlSequence: Sendable {
  private var bytes: [UInt8] = []
  private var isTooLong = false
  /// Whether it began with a C1 control, which no key sends.
  private let isCertain: Bool

  /// Longer than any sequence that a key sends.
  private static let limit = 64

  enum Meaning: Hashable {
    case key(Key)
    case pasteBegins
    case focus(Bool)
    case mouse(MouseEvent)
  }

  init(isCertain: Bool = false) { self.isCertain = isCertain }

  var isEmpty: Bool { bytes.isEmpty }

  /// Whether the bytes so far may be a key with Alt.
  var canBeKey: Bool { bytes.isEmpty && !isCertain }

  /// Whether these bytes, and nothing else, may be the rest of a sequence: more than one byte, ending in a final byte.
  static func isRest(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    guard bytes.count > 1, let last = bytes.last, (0x40...0x7e).contains(last) else { return false }
    return bytes.dropLast().allSatisfy { (0x20...0x3f).contains($0) }
  }

  /// Whether there are only digits.
  var isOneNumber: Bool { !bytes.isEmpty && bytes.allSatisfy(\.isDigit) }

  mutating func append(_ byte: UInt8) {
    if bytes.count < Self.limit { bytes.append(byte) } else { isTooLong = true }
  }

  /// - Returns: nil for sequences that no key sends, and for those that a chat has no use for.
  func meaning(final: UInt8) -> Meaning? {
    guard !isTooLong else { return nil }
    if bytes.first == UInt8(ascii: "<") { return mouse(final: final).map(Meaning.mouse) }
    guard let parameters else { return nil }
    switch (final, parameters.count) {
    case (UInt8(ascii: "I"), 0): return .focus(true)
    case (UInt8(ascii: "O"), 0): return .focus(false)
    case (UInt8(ascii: "~"), 1) where parameters[0].number == 200: return .pasteBegins
    default: break
    }
    // Kitty's protocol, if a program left it on, also reports the release of a key.
    if parameters.count > 1, parameters[1].detail == 3 { return nil }
    return key(final, parameters).map(Meaning.key)
  }

  private func key(_ final: UInt8, _ parameters: [Parameter]) -> Key? {
    let first = parameters.first?.number ?? 1
    let modifiers = parameters.count > 1 ? Key.Modifiers(parameter: parameters[1].number) : []
    switch final {
    case UInt8(ascii: "Z"): return Key(.tab, modifiers.union(.shift))
    case UInt8(ascii: "~"):
      // xterm's modifyOtherKeys: 27 ; modifiers ; character.
      if first == 27, parameters.count == 3 { return Key(code: parameters[2].number, modifiers) }
      return Key.Symbol(number: parameters.first?.number ?? 0).map { Key($0, modifiers) }
    case UInt8(ascii: "u"): return Key(code: parameters.first?.number, modifiers)
    // rxvt's modifiers.
    case UInt8(ascii: "$"): return Key.Symbol(number: first).map { Key($0, .shift) }
    case UInt8(ascii: "^"): return isOneNumber ? Key.Symbol(number: first).map { Key($0, .control) } : nil
    case UInt8(ascii: "@"): return isOneNumber ? Key.Symbol(number: first).map { Key($0, [.shift, .control]) } : nil
    case UInt8(ascii: "a")...UInt8(ascii: "d"):
      return parameters.isEmpty ? Key.Symbol(letter: final - 0x20).map { Key($0, .shift) } : nil
    case UInt8(ascii: "R") where parameters.count != 2 || first != 1:
      // A cursor position report, not F3.
      return nil
    default:
      // Some terminals leave out the first parameter, which is always 1, and send the modifiers alone.
      guard first == 1 || parameters.count == 1 else { return nil }
      return Key.Symbol(letter: final).map { Key($0, Key.Modifiers(parameter: parameters.last?.number)) }
    }
  }

  /// Decodes a report of the mouse in the form of xterm's mode 1006: `<`, then button, column and row, from 1.
  /// - Returns: nil for releases, movements, other buttons, and presses with modifiers.
  private func mouse(final: UInt8) -> MouseEvent? {
    let fields = bytes.dropFirst().split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    guard final == UInt8(ascii: "M"), fields.count == 3, fields.allSatisfy({ $0.allSatisfy(\.isDigit) }),
      let button = number(fields[0]), let column = number(fields[1]), let row = number(fields[2]), column > 0, row > 0
    else { return nil }
    let position = Screen.Position(row: row - 1, column: column - 1)
    switch button {
    case 0: return MouseEvent(.press, at: position)
    case 64: return MouseEvent(.wheelUp, at: position)
    case 65: return MouseEvent(.wheelDown, at: position)
    default: return nil
    }
  }

  private struct Parameter {
    var number: Int?
    /// The sub-parameter after a colon.
    var detail: Int?
  }

  /// Nil if there is anything but numbers: a private sequence.
  private var parameters: [Parameter]? {
    guard bytes.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ":") }) else { return nil }
    if bytes.isEmpty { return [] }
    return bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { field in
      let parts = field.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      return Parameter(
        number: parts.first.flatMap(number),
        detail: parts.count > 1 ? number(parts[1]) : nil
      )
    }
  }
}

private func number(_ digits: ArraySlice<UInt8>) -> Int? {
  guard !digits.isEmpty else { return nil }
  // Clamped to more than any code, far from an overflow.
  return digits.reduce(0) { min($0 * 10 + Int($1 - UInt8(ascii: "0")), 10_000_000) }
}

extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
