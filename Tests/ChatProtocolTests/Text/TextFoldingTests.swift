import Foundation
import TestSupport
import Testing

@testable import ChatProtocol

/// The folding that makes texts comparable.
@Suite struct TextFoldingTests {
  @Test(
    arguments: [
      ("", ""), ("Neha", "neha"), ("ÉÀ", "e\u{301}a\u{300}"), ("ß ẞ", "ss ss"), ("İIıi", "i\u{307}iii"),
      ("Ｎ２", "n2"), ("ｶﾞ", "カ\u{3099}"), ("ﬁ", "fi"), ("Σς", "σσ"), ("한", "\u{1112}\u{1161}\u{11ab}"), ("ﾡ", "\u{1100}"),
      ("a\u{200b}b\u{ad}c\u{fe0f}\u{200d}\u{2060}\u{feff}", "abc"), ("\u{3164}\u{115f}\u{ffa0}", ""), ("②", "2"),
      ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("\u{212b}\u{2126}\u{212a}", "a\u{30a}ωk"), ("👍🏽", "👍🏽"), ("ŉ", "ʼn"),
      ("ﷺ", "صلى الله عليه وسلم"), ("𝔘", "u"), ("ǅ", "dz\u{30c}"),
      ("ä\u{f75}", "a\u{f71}\u{f74}\u{308}"), ("ä\u{f73}", "a\u{f71}\u{f72}\u{308}"),
      ("ä\u{f81}", "a\u{f71}\u{f80}\u{308}"),
    ])
  func `texts are folded`(text: String, folded: String) {
    #expect(Array(text.folded().unicodeScalars) == Array(folded.unicodeScalars))
  }

  @Test(arguments: [
    ("José", "jose"), ("crème BRÛLÉE", "creme brulee"), ("Łódź", "łodz"), ("が", "か\u{3099}"), ("नि", "नि"),
  ])
  func `search text is folded without accents`(text: String, folded: String) {
    #expect(Array(text.foldedForSearch().unicodeScalars) == Array(folded.unicodeScalars))
  }

  /// All forms of a letter fold alike, and folding is idempotent.
  @Test(.computing) func `folding every character is idempotent`() {
    var differing: [String] = []
    for value in UInt32(0)...0x3ffff {
      guard let scalar = Unicode.Scalar(value) else { continue }
      // A mark, which marks in the character's decomposition may have to precede.
      let text = "a\u{308}\(scalar)"
      let folded = text.folded()
      let forms = [folded, text.decomposedStringWithCanonicalMapping, text.precomposedStringWithCompatibilityMapping]
      // Foundation composes letters beyond the BMP as if they were inside.
      if !forms.prefix(value > 0xffff ? 2 : 3).allSatisfy({ Array($0.folded().utf8) == Array(folded.utf8) }) {
        differing.append(String(value, radix: 16))
      }
    }
    #expect(differing == [])
  }

  @Test func `equal texts fold to equal bytes`() throws {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let text = random.text(upTo: 40)
      let folded = text.folded()
      try #require(Array(folded.folded().utf8) == Array(folded.utf8), "\(text.debugDescription) \(random)")
      for form in [text.decomposedStringWithCanonicalMapping, text.uppercased(), text.lowercased()]
      where form == text || form.utf8.allSatisfy({ $0 < 0x80 }) {
        try #require(Array(form.folded().utf8) == Array(folded.utf8), "\(text.debugDescription) \(random)")
      }
    }
  }
}
