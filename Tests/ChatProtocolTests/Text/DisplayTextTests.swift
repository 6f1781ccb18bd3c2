import TestSupport
import ChatProtocol
import Testing

@Suite struct DisplayTextTests {
  struct DisplayCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let expected: String

    init(_ name: String, _ text: String, _ expected: String) {
      testDescription = name
      self.text = text
      self.expected = expected
    }
  }

  @Test(arguments: [
    DisplayCase("nothing", "", ""), DisplayCase("ASCII", " Hello, ~world! ", " Hello, ~world! "),
    DisplayCase("letters", "Grüße, жук, 日本語, 한글, שלום", "Grüße, жук, 日本語, 한글, שלום"),
    DisplayCase("emoji", "a😀b", "a😀b"),
    DisplayCase("ESC", "\u{1b}[2Jx", "\u{fffd}[2Jx"), DisplayCase("OSC", "\u{1b}]0;x\u{7}", "\u{fffd}]0;x\u{fffd}"),
    DisplayCase("NUL, DEL", "a\0b\u{7f}", "a\u{fffd}b\u{fffd}"), DisplayCase("backspace", "a\u{8}", "a\u{fffd}"),
    DisplayCase("C1", "\u{80}\u{85}\u{9b}31m\u{9f}", "\u{fffd}\u{fffd}\u{fffd}31m\u{fffd}"),
    DisplayCase("line ends", "a\nb\r\nc", "a\u{fffd}b\u{fffd}\u{fffd}c"),
    DisplayCase("tab and separators", "a\tb\u{2028}c\u{2029}d", "a b c d"),
    DisplayCase("spaces", "a\u{a0}b\u{3000}c\u{2003}d", "a b c d"),
    DisplayCase("bidi", "a\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}b\u{2066}\u{2067}\u{2068}\u{2069}c", "abc"),
    DisplayCase("bidi marks", "a\u{200e}\u{200f}\u{61c}b", "ab"),
    DisplayCase("zero width", "a\u{200b}b\u{200c}c\u{2060}d\u{feff}e\u{ad}f", "abcdef"),
    DisplayCase("a mark on nothing", "\u{301}", "\u{25cc}\u{301}"),
    DisplayCase("two of them", "\u{301}\u{302}", "\u{25cc}\u{301}\u{302}"),
    DisplayCase("a mark on a space", "a \u{301}b", "a \u{25cc}\u{301}b"),
    DisplayCase("a mark on what was a tab", "\t\u{301}", " \u{25cc}\u{301}"),
    DisplayCase("a mark on what went", "\u{200b}\u{301}", "\u{25cc}\u{301}"),
    DisplayCase("a mark on a control character", "\u{1b}\u{301}", "\u{fffd}\u{301}"),
    DisplayCase("a mark on a letter", "e\u{301}", "e\u{301}"),
    DisplayCase("a mark behind what goes", "e\u{200b}\u{301}", "e\u{301}"),
    DisplayCase("four marks", "e\u{301}\u{302}\u{303}\u{304}", "e\u{301}\u{302}\u{303}\u{304}"),
    DisplayCase("five marks", "e\u{301}\u{302}\u{303}\u{304}\u{305}f", "e\u{301}\u{302}\u{303}\u{304}f"),
    DisplayCase(
      "marks that go and come", "e" + String(repeating: "\u{301}\u{200b}", count: 50) + "f",
      "e\u{301}\u{301}\u{301}\u{301}f"),
    DisplayCase("keycap", "1\u{fe0f}\u{20e3}", "1\u{20e3}"), DisplayCase("heart", "❤\u{fe0f}", "❤"),
    DisplayCase("text style", "☺\u{fe0e}", "☺"),
    DisplayCase("ideographic variation", "葛\u{e0100}", "葛"), DisplayCase("skin tone", "👍🏽!", "👍!"),
    DisplayCase("family", "👩\u{200d}👩\u{200d}👧", "👩👩👧"),
    DisplayCase("flag of tags", "🏴\u{e0067}\u{e0062}\u{e007f}", "🏴"),
    DisplayCase("jamo", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글"),
    DisplayCase("jamo, two", "\u{1100}\u{1161}", "가"),
    DisplayCase("syllable and jamo", "가\u{11a8}", "각"),
    DisplayCase("last of each", "\u{1112}\u{1175}\u{11c2}", "\u{d7a3}"),
    DisplayCase("jamo behind what goes", "\u{1100}\u{200b}\u{1161}", "가"),
    DisplayCase("a leading consonant alone", "\u{1100}x", "\u{1100}x"),
    DisplayCase("a vowel alone", "a\u{1161}", "a\u{fffd}"),
    DisplayCase("a trailing consonant alone", "\u{11a8}", "\u{fffd}"),
    DisplayCase("one trailing consonant too many", "각\u{11a8}", "각\u{fffd}"),
    DisplayCase("old jamo", "\u{1100}\u{119e}", "\u{1100}\u{fffd}"),
    DisplayCase("extended jamo", "\u{d7b0}\u{d7fb}", "\u{fffd}\u{fffd}"),
    DisplayCase("T base is no trailing consonant", "가\u{11a7}", "가\u{fffd}"),
    DisplayCase("fillers", "a\u{115f}\u{1160}\u{3164}\u{ffa0}b", "ab"),
    DisplayCase("joiners that are marks", "e\u{34f}\u{301}\u{17b4}\u{180b}", "e\u{301}"),
    DisplayCase("annotations", "a\u{fff9}b\u{fffa}c\u{fffb}", "abc"),
    DisplayCase("noncharacter", "a\u{ffff}b", "a\u{fffd}b"),
  ])
  func table(_ example: DisplayCase) {
    #expect(DisplayText.sanitize(example.text).exactly == example.expected.exactly)
    #expect(DisplayText.sanitize(example.expected).exactly == example.expected.exactly)
  }

  /// States the rules in terms of scalars: no terminal control character and no character without a defined place.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
    case .spaceSeparator where scalar != " ": return true
    default: break
    }
    return properties.isDefaultIgnorableCodePoint || properties.isEmojiModifier || properties.isBidiControl
      || properties.isNoncharacterCodePoint || (0x1160...0x11ff).contains(scalar.value)
      || (0xd7b0...0xd7ff).contains(scalar.value)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    [.nonspacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
  }

  private static func expectSafe(_ text: String, _ comment: String) throws {
    var marks = 0
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      try #require(!isForbidden(scalar), "U+\(String(scalar.value, radix: 16)) \(comment)")
      marks = isMark(scalar) ? marks + 1 : 0
      try #require(marks <= 4, "\(comment)")
      try #require(marks != 1 || previous != " ", "\(comment)")
      previous = scalar
    }
  }

  @Test func `every scalar alone`() throws {
    // Planes 3 to 13 contain only letters or nothing.
    for value in [0...0x2ffff, 0xe0000...0xe0fff, 0x10fff0...0x10ffff].joined() {
      guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
      let clean = DisplayText.sanitize(String(scalar)).unicodeScalars
      if clean.contains(where: Self.isForbidden) { Issue.record("U+\(String(value, radix: 16))") }
    }
  }

  @Test func `random text is displayed safely`() throws {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let text = random.text(upTo: 40, withControls: true)
      let clean = DisplayText.sanitize(text)
      try Self.expectSafe(clean, "\(text.debugDescription) \(random)")
      try #require(DisplayText.sanitize(clean).exactly == clean.exactly, "\(text.debugDescription) \(random)")
    }
  }
}
