import TestSupport
import ChatProtocol
import Foundation
import Testing

@Suite struct NicknameTests {
  @Test(arguments: [
    ("neha", "NEHA"), ("Neha", "nEHA"), ("Ärger", "äRGER"), ("ЖУК", "жук"), ("ΟΔΟΣ", "οδος"), ("οδοσ", "οδος"),
    ("straße", "STRASSE"), ("STRAẞE", "straße"), ("\u{212a}im", "kim"), ("ﬁn", "FIN"), ("µ", "μ"), ("ǅ", "ǆ"),
    ("é", "e\u{301}"), ("É", "e\u{301}"), ("한", "\u{1112}\u{1161}\u{11ab}"), ("\u{212b}", "å"), ("İ", "i\u{307}"),
    ("q\u{323}\u{307}", "q\u{307}\u{323}"), ("Ꭰ", "ꭰ"), ("𐐀", "𐐨"), ("1", "１"), ("Ｎｅｈａ", "NEHA"), ("ｶﾞ", "ガ"),
    ("𝐍𝐄𝐇𝐀", "neha"), ("x²", "X2"), ("①", "1"), ("ﾡ", "\u{1100}"), ("ſ", "S"), ("ı", "I"), ("Ĳ", "ij"),
    ("jos\u{e9}", "Jos\u{e9}"), ("jos\u{e9}", "jose\u{301}"), ("민수", "\u{1106}\u{1175}\u{11ab}\u{1109}\u{116e}"),
  ])
  func `names that differ in case are equal`(_ one: String, _ other: String) throws {
    let first = try #require(Nickname(one))
    let second = try #require(Nickname(other))
    #expect(first == second)
    #expect(first.hashValue == second.hashValue)
    #expect(Set([first, second]).count == 1)
    // A database compares bytes.
    #expect(first.folded.exactly == second.folded.exactly)
    #expect(first.folded.exactly == one.folded().exactly && second.folded.exactly == other.folded().exactly)
    #expect(!(first < second) && !(second < first))
    #expect(first.text.exactly == one.exactly)
    #expect(second.description.exactly == other.exactly)
  }

  @Test(arguments: [
    ("neha", "nehа"), ("e", "é"), ("i", "i\u{307}"), ("a", "aa"), ("ä", "ae"), ("が", "か"), ("パ", "バ"), ("ñ", "n"),
    ("ø", "o"),
    ("neha_", "neha"), ("민수", "민주"),
  ])
  func `different names are not equal`(_ one: String, _ other: String) throws {
    let first = try #require(Nickname(one))
    let second = try #require(Nickname(other))
    #expect(first != second)
    #expect((first < second) != (second < first))
  }

  /// Names are compared without case.
  @Test func `every letter in every case`() {
    var differing: [String] = []
    for scalar in Self.letters where !Self.hasIotaSubscript(scalar) {
      let text = "a\(scalar)"
      guard let name = Nickname(text) else { continue }
      if Nickname(text.uppercased()) != name || Nickname(text.lowercased()) != name { differing.append(text) }
    }
    #expect(differing == [])
  }

  /// Canonically equivalent texts are one name, in any order of their marks.
  @Test func `every letter in every composition`() {
    var differing: [String] = []
    // Foundation composes letters beyond the BMP as if they were inside: U+10413 with an acute becomes U+0403.
    for scalar in Self.letters where scalar.value <= 0xffff {
      for text in ["\(scalar)", "\(scalar)\u{301}", "\(scalar)\u{323}", "\(scalar)\u{345}\u{301}"] {
        guard let name = Nickname(text) else { continue }
        let forms = [text.decomposedStringWithCanonicalMapping, text.precomposedStringWithCanonicalMapping]
        if !forms.allSatisfy({ Nickname($0) == name }) { differing.append(text) }
      }
    }
    #expect(differing == [])
  }

  private static let letters: [Unicode.Scalar] = (UInt32(0x21)...0x1ffff).compactMap { Unicode.Scalar($0) }
    .filter { $0.properties.changesWhenCaseMapped || $0.properties.generalCategory == .nonspacingMark }

  /// Greek letters whose upper case has an additional letter. They have no case here: see `foldingCase`.
  private static func hasIotaSubscript(_ scalar: Unicode.Scalar) -> Bool {
    String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.contains("\u{345}")
  }

  @Test func `a name has at most 32 bytes`() {
    #expect(Nickname(String(repeating: "x", count: 32)) != nil)
    #expect(Nickname(String(repeating: "x", count: 33)) == nil)
    #expect(Nickname(String(repeating: "é", count: 16)) != nil)
    #expect(Nickname(String(repeating: "é", count: 16) + "x") == nil)
    #expect(Nickname(String(repeating: "😀", count: 8)) != nil)
    #expect(Nickname(String(repeating: "😀", count: 8) + "x") == nil)
    #expect(Nickname("") == nil)
    #expect(Nickname("x") != nil)
  }

  static let unfit: [Unicode.Scalar] = [
    " ", "\t", "\n", "\r", "\0", "\u{1b}", "\u{7f}", "\u{85}", "\u{9b}", "\u{a0}", "\u{1680}", "\u{2003}", "\u{2028}",
    "\u{2029}", "\u{202f}", "\u{205f}", "\u{3000}", "\u{ad}", "\u{61c}", "\u{180e}", "\u{200b}", "\u{200c}",
    "\u{200d}", "\u{200e}", "\u{200f}", "\u{202a}", "\u{202e}", "\u{2060}", "\u{2066}", "\u{2069}", "\u{feff}",
    "\u{fff9}", "\u{e0041}",
    // Invisible letters and marks, which would allow a second "neha".
    "\u{34f}", "\u{115f}", "\u{1160}", "\u{17b4}", "\u{180b}", "\u{2800}", "\u{3164}", "\u{fe0f}", "\u{ffa0}",
    "\u{e0100}",
  ]

  @Test(arguments: unfit)
  func forbidden(_ scalar: Unicode.Scalar) {
    for text in ["\(scalar)", "a\(scalar)", "\(scalar)a", "a\(scalar)b"] { #expect(Nickname(text) == nil) }
  }

  /// Valid in names from earlier, and refused in new ones.
  private static let shapeless: [Unicode.Scalar] = [
    "\u{378}", "\u{2d7f}", "\u{e000}", "\u{fffe}", "\u{fffc}", "\u{fffd}", "\u{1107f}", "\u{13441}", "\u{13442}",
    "\u{16fe4}", "\u{1bc9d}", "\u{1d159}", "\u{1da9b}", "\u{10ffff}", "\u{1039}", "\u{17d2}", "\u{11d97}",
  ]

  @Test(arguments: shapeless)
  func `a character without a shape`(_ scalar: Unicode.Scalar) {
    for text in ["bob\(scalar)", "bo\(scalar)b", "\(scalar)bob"] {
      #expect(Nickname(text) != nil && !text.isDrawnWhole)
    }
  }

  @Test(arguments: [
    "bob", "~!@", "José", "e\u{301}", "नेहा", "ខ្មែរ", "မန္တလေး", "สมชาย", "민수", "太郎", "👍🏽", "🇳🇴", "1\u{20e3}", "😀",
  ])
  func `letters with their marks, and emoji, have a shape`(_ text: String) {
    #expect(Nickname(text) != nil && text.isDrawnWhole)
  }

  @Test(arguments: ["🏽", "🏻🏿"]) func `an invisible name`(_ text: String) { #expect(Nickname(text) == nil) }

  @Test(arguments: ["neha", "#x", "@x", ":", "*", "😀", "👍🏽", "日本語", "नेहा", "e\u{301}", "a;b", "x,y", "\\"])
  func allowed(_ text: String) { #expect(Nickname(text)?.text.exactly == text.exactly) }

  @Test func `a name is read from a substring`() { #expect(Nickname("LOGIN neha".dropFirst(6))?.text == "neha") }

  /// Equality and order agree, so that a sorted list never contains a name twice.
  @Test func `the order of names is total`() throws {
    var random = SeededGenerator()
    for _ in 0..<1000 {
      let (one, other) = (random.name(), random.name())
      let relations = [one < other, one == other, other < one].count { $0 }
      try #require(relations == 1, "\(random)")
      try #require(one != other || one.hashValue == other.hashValue, "\(random)")
    }
  }
}
