import TerminalTypes

extension Key {
  /// Decodes a byte below 0x80. Control characters become letters and signs with Control, except those with a key of
  /// their own.
  /// - Parameter erase: the byte that Backspace sends, 0x08 or 0x7f; the other one is Backspace with Control.
  init(ascii byte: UInt8, erase: UInt8 = .delete) {
    switch byte {
    case 0x00: self = .control(" ")
    case .backspace, .delete: self = Key(.backspace, byte == erase ? [] : .control)
    case 0x09: self = Key(.tab)
    // In raw mode, Enter sends CR, and Ctrl+J sends LF; neither is translated.
    case 0x0d: self = Key(.enter)
    case 0x1b: self = Key(.escape)
    case 0x01...0x1a: self = .control(Character(Unicode.Scalar(byte | 0x60)))
    case 0x1c...0x1f: self = .control(Character(Unicode.Scalar(byte | 0x40)))
    default: self = .character(Character(Unicode.Scalar(byte)))
    }
  }

  /// Decodes the character number in a key report of xterm's modifyOtherKeys or Kitty's protocol.
  init?(code: Int?, _ modifiers: Modifiers) {
    guard let code, !(0x80..<0xa0).contains(code) else { return nil }
    if let symbol = Symbol(keypad: code) {
      self.init(symbol, modifiers)
      return
    }
    // Kitty's numbers for keys without a character, a private range.
    guard !(57344...63743).contains(code), let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
      return nil
    }
    if scalar.value < 0x20 || scalar.value == 0x7f {
      let byte = UInt8(truncatingIfNeeded: scalar.value)
      // Modifiers are reported separately here: both 0x08 and 0x7f are Backspace, and LF is Enter.
      self.init(ascii: byte == 0x0a ? 0x0d : byte, erase: byte)
      self.modifiers.formUnion(modifiers)
      return
    }
    let character = Character(scalar)
    // As bytes, these characters with Control are the same as those keys.
    let twins: [Character: Symbol] = ["i": .tab, "m": .enter, "[": .escape]
    if modifiers == .control, let symbol = twins[character.lowercase] {
      self.init(symbol)
      return
    }
    if modifiers.isDisjoint(with: [.alt, .control]) {
      self = .character(modifiers.contains(.shift) ? character.uppercase : character)
    } else {
      self.init(.character(character.lowercase), modifiers.subtracting(.shift))
    }
  }

  /// The key with Alt; letters become lower case, as with every modifier.
  var withAlt: Key {
    var key = self
    key.modifiers.insert(.alt)
    if case .character(let character) = symbol { key.symbol = .character(character.lowercase) }
    return key
  }
}

extension Key.Modifiers {
  /// Decodes xterm's modifier parameter: one plus the sum of its modifier bits.
  init(parameter: Int?) {
    self = []
    guard let parameter, (2...256).contains(parameter) else { return }
    let bits = parameter - 1
    if bits & 1 != 0 { insert(.shift) }
    // Bit 8 is Meta, which iTerm2 sends for Option.
    if bits & (2 | 8) != 0 { insert(.alt) }
    if bits & 4 != 0 { insert(.control) }
  }
}

extension Key.Symbol {
  /// Decodes Kitty's numbers for the keypad.
  init?(keypad code: Int) {
    switch code {
    case 57399...57408: self = .character(Character(String(code - 57399)))
    case 57409: self = .character(".")
    case 57410: self = .character("/")
    case 57411: self = .character("*")
    case 57412: self = .character("-")
    case 57413: self = .character("+")
    case 57414: self = .enter
    case 57415: self = .character("=")
    case 57416: self = .character(",")
    case 57417: self = .left
    case 57418: self = .right
    case 57419: self = .up
    case 57420: self = .down
    case 57421: self = .pageUp
    case 57422: self = .pageDown
    case 57423: self = .home
    case 57424: self = .end
    case 57425: self = .insert
    case 57426: self = .delete
    default: return nil
    }
  }

  /// Decodes the final letter of a key's sequence.
  init?(letter: UInt8) {
    switch letter {
    case UInt8(ascii: "A"): self = .up
    case UInt8(ascii: "B"): self = .down
    case UInt8(ascii: "C"): self = .right
    case UInt8(ascii: "D"): self = .left
    case UInt8(ascii: "F"): self = .end
    case UInt8(ascii: "H"): self = .home
    case UInt8(ascii: "P"): self = .function(1)
    case UInt8(ascii: "Q"): self = .function(2)
    case UInt8(ascii: "R"): self = .function(3)
    case UInt8(ascii: "S"): self = .function(4)
    default: return nil
    }
  }

  /// Decodes the number of a sequence that ends in a tilde (VT220 and later terminals).
  init?(number: Int) {
    switch number {
    case 1, 7: self = .home
    case 2: self = .insert
    case 3: self = .delete
    case 4, 8: self = .end
    case 5: self = .pageUp
    case 6: self = .pageDown
    case 11...15: self = .function(number - 10)
    case 17...21: self = .function(number - 11)
    case 23...26: self = .function(number - 12)
    case 28, 29: self = .function(number - 13)
    case 31...34: self = .function(number - 14)
    default: return nil
    }
  }
}

extension Character {
  /// The lower case, or the character itself if that is more than one character.
  var lowercase: Character { single(lowercased()) }
  fileprivate var uppercase: Character { single(uppercased()) }

  private func single(_ text: String) -> Character { text.count == 1 ? text.first ?? self : self }
}
