import TestSupport
import ChatProtocol

// Random texts and names, at least as unusual as those of real users.

extension SeededGenerator {
  private static let letters = "abcXYZ019:;=\\,.@#*+-/_".unicodeScalars.map { $0 }
  private static let spaces = " \t".unicodeScalars.map { $0 }
  private static let foreign = "ßäÖéжД日本語한가ıİſςΣאבع😀👍🏽❤️".unicodeScalars.map { $0 }
  private static let awkward: [Unicode.Scalar] = [
    "\u{301}", "\u{345}", "\u{20e3}", "\u{1100}", "\u{1161}", "\u{11a8}", "\u{1160}", "\u{200b}", "\u{200d}",
    "\u{202e}", "\u{2028}", "\u{2066}", "\u{a0}", "\u{3000}", "\u{ad}", "\u{61c}", "\u{fe0f}", "\u{feff}", "\u{d4e}",
    "\u{34f}", "\u{3164}", "\u{e0041}", "\u{e0100}", "\u{fffd}", "\u{ffff}", "\u{10ffff}", "\u{1f3fd}",
  ]
  private static let controls: [Unicode.Scalar] = [
    "\0", "\u{7}", "\u{8}", "\n", "\r", "\u{1b}", "\u{1f}", "\u{7f}", "\u{80}", "\u{85}", "\u{9b}", "\u{9f}",
  ]

  mutating func scalar(withControls: Bool) -> Unicode.Scalar {
    switch number(0...(withControls ? 19 : 16)) {
    case 0...5: return pick(Self.letters)
    case 6...8: return pick(Self.spaces)
    case 9...11: return pick(Self.foreign)
    case 12...14: return pick(Self.awkward)
    case 15...16:
      // Half of the draws are in the BMP, which has most characters with special properties.
      let value = UInt32(number(0xa0...(flip() ? 0xffff : 0x10ffff)))
      return Unicode.Scalar(value) ?? "x"
    default: return pick(Self.controls)
    }
  }

  mutating func text(upTo limit: Int = 20, withControls: Bool = false) -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<number(0...limit) { scalars.append(scalar(withControls: withControls)) }
    return String(scalars)
  }

  /// A text with a character other than white space, and without control characters.
  mutating func message() -> String {
    while true {
      let text = text()
      if text.utf8.contains(where: { $0 != 0x20 && $0 != 0x09 }) { return text }
    }
  }

  mutating func word() -> String {
    var scalars = String.UnicodeScalarView()
    while scalars.isEmpty {
      for _ in 0..<number(1...8) {
        let scalar = scalar(withControls: false)
        if scalar != " " && scalar != "\t" { scalars.append(scalar) }
      }
    }
    return String(scalars)
  }

  mutating func name(where isWanted: (String) -> Bool = { _ in true }) -> Nickname {
    while true {
      if let name = Nickname(word()), isWanted(name.text) { return name }
    }
  }

  /// Tags with valid keys, and values without control characters other than CR and LF, which have escapes.
  mutating func tags() -> Tags {
    var tags = Tags()
    for _ in 0..<number(0...4) {
      let value = flip() ? text(upTo: 6) : text(upTo: 3) + pick(["\r", "\n", "\\", ";", "\r\n", ""]) + text(upTo: 3)
      tags[pick(["a", "b9", "+client-only", "example.com/key", "label", "Label"])] = value
    }
    return tags
  }
}
