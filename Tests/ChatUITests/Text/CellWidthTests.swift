import ChatUI
import TerminalTypes
import TestSupport
import Testing

@Suite
struct CellWidthTests {
  @Test(
    arguments: [
      ("a", 1), (" ", 1), ("~", 1),
      ("é", 1), ("e\u{301}", 1), ("ß", 1), ("я", 1), ("ب", 1),
      ("你", 2), ("한", 2), ("か", 2), ("Ａ", 2), ("ﾊ", 1),
      ("👍", 2), ("🫠", 2), ("❤", 1), ("❤\u{fe0f}", 1),
      ("🇩🇪", 2), ("🇩", 1),
      ("👍🏽", 4), ("👨\u{200d}👩\u{200d}👧", 6),
      ("\u{301}", 0), ("\u{200b}", 0), ("\u{202e}", 0),
      ("\u{fffd}", 1), ("\u{e000}", 1), ("\u{10fffd}", 1),
    ] as [(Character, Int)])
  func `the width of clusters`(character: Character, columns: Int) {
    #expect(character.cellWidth == columns)
    #expect(String(character).cellWidth == columns)
    #expect(character.isDrawable)
    #expect(character.drawable == character)
  }

  @Test(
    arguments: [
      // Unicode 15 and later; unassigned; noncharacters; controls.
      "\u{1fae8}", "\u{1fae9}", "\u{378}", "\u{ffff}", "\0", "\u{1b}", "\t", "\u{7f}", "\u{9b}", "\r\n",
      "👍\u{200d}\u{1fae8}",
    ] as [Character])
  func `the width of characters that the terminal library does not know`(character: Character) {
    #expect(!character.isDrawable)
    #expect(character.drawable == "\u{fffd}")
    #expect(character.cellWidth == 1)
    #expect(character.drawable.cellWidth == character.cellWidth)
  }

  @Test
  func `the width of texts`() {
    #expect("".cellWidth == 0)
    #expect("hello".cellWidth == 5)
    #expect("hello, 世界 👍".cellWidth == 14)
    #expect("a世b".dropFirst().cellWidth == 3)
    #expect("naïve".cellWidth == 5)
  }

  @Test(.computing)
  func `the width of every scalar is between 0 and 2`() {
    for value in UInt32(0)...0x10ffff {
      guard let scalar = Unicode.Scalar(value) else { continue }
      guard (0...2).contains(Character(scalar).cellWidth) else {
        Issue.record("U+\(String(value, radix: 16))")
        return
      }
    }
  }
}
