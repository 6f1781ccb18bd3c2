import Testing

@testable import ChatLog

/// What a search takes for a word.
@Suite struct SearchTextTests {
  @Test(
    arguments: [
      ("", ""), ("  \t ", ""), ("...", ""), ("+ - \" * ( ) : ^ { }", ""), ("_", ""),
      ("Hello, World!", " hello world "), ("a_b", " a b "), ("don't", " don t "), ("C++ 17", " c 17 "),
      ("AND or NOT near", " and or not near "), ("Straße STRASSE", " strasse strasse "),
      ("ΣΊΣΥΦΟΣ σίσυφος", " σισυφοσ σισυφοσ "),
      ("Crème BRÛLÉE", " creme brulee "), ("cre\u{300}me", " creme "), ("İstanbul", " istanbul "),
      ("ﬁn ２０２６ Ｗｉｄｅ", " fin 2026 wide "),
      ("東京都", " 東 京 都 "), ("東京tower", " 東 京 tower "), ("がぎ", " か\u{3099} き\u{3099} "), ("ｶﾞ", " カ\u{3099} "),
      ("สวัสดี", " ส ว\u{e31} ส ด\u{e35} "), ("ok👍🏽👍", " ok 👍 👍 "), ("❤️", " ❤ "), ("👩‍💻", " 👩 💻 "), ("€5", " € 5 "),
      ("a\u{200d}b so\u{ad}ft", " ab soft "), ("\u{301}x", " x "), ("a\u{0}b", " a b "),
      ("x\u{e000}y", " x \u{e000} y "),
    ] as [(String, String)])
  func `words are letters and digits in a row, and single signs of some scripts`(text: String, words: String) {
    #expect(String(decoding: SearchText(text).bytes, as: UTF8.self) == words)
  }

  @Test func `Korean is found syllable by syllable, and Hindi with its vowels`() {
    #expect(SearchText("한국어를").contains(SearchText("한국어")))
    #expect(SearchText("한국어를").contains(SearchText("국어")))
    #expect(!SearchText("한국").contains(SearchText("하국")))
    #expect(!SearchText("किताब").contains(SearchText("काताब")))
    #expect(SearchText("नमस्ते दुनिया").contains(SearchText("दुनिया")))
    #expect(!SearchText("नमस्ते").contains(SearchText("नम")))
  }

  @Test(
    arguments: [
      ("no space left on device", "space left", true), ("no space left", "space, LEFT.", true),
      ("no space left", "left space", false),
      ("no spaces left", "space", false), ("space", "spaces", false), ("a b", "b", true), ("a b", "a", true),
      ("a b", "a b c", false),
      ("a a b", "a b", true), ("a", "", false), ("", "", false), ("", "a", false), ("東京都", "京都", true),
      ("ab", "b", false),
    ] as [(String, String, Bool)])
  func `a phrase is words one after the other`(text: String, phrase: String, isIn: Bool) {
    #expect(SearchText(text).contains(SearchText(phrase)) == isIn)
  }
}
