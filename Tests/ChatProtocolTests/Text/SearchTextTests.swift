import TestSupport
import Testing

@testable import ChatProtocol

/// The words of a search.
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
      ("x\u{e000}y", " x \u{e000} y "), ("soft\u{ad}hyphen ne\u{200b}ha", " softhyphen neha "),
      ("x² ½ №5", " x2 1 ⁄ 2 no5 "),
      ("ısı ISI", " isi isi "), ("データ ﾃﾞｰﾀ", " テ\u{3099} ー タ テ\u{3099} ー タ "), ("時々hello", " 時 々 hello "),
      ("น้ำ ปลา เป็น", " น\u{e49}\u{e4d}\u{e32} ป ลา เป\u{e47} น "), ("ລາວ ເມືອງ", " ລາ ວ ເມ\u{eb7} ອ ງ "),
      ("snake_case foo‿bar", " snake case foo bar "), ("a\u{fffd}b \u{25cc}\u{301}c", " a b c "),
    ] as [(String, String)])
  func `words are runs of letters and digits, and single signs of some scripts`(text: String, words: String) {
    #expect(String(decoding: SearchText(text).bytes, as: UTF8.self) == words)
  }

  @Test func `Korean is found by syllables, and Hindi with its vowels`() {
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
  func `a phrase is a sequence of words`(text: String, phrase: String, isIn: Bool) {
    #expect(SearchText(text).contains(SearchText(phrase)) == isIn)
  }

  @Test(
    arguments: [
      ("no spaces left", "space", true), ("no spaces left", "no space", true), ("no spaces left", "spa lef", false),
      ("number 42", "number 4", true), ("number 14", "number 4", false), ("ab", "b", false), ("ab", "ab", true),
      ("ab", "abc", false), ("", "a", false), ("a", "", false), ("한국", "하", true), ("한국", "한구", true),
      ("データベース", "デー", true), ("สวัสดี", "สวั", true), ("Café", "caf", true), ("Café", "cafe\u{301}", true),
    ] as [(String, String, Bool)])
  func `the last word of a phrase may be a prefix`(text: String, phrase: String, isIn: Bool) {
    #expect(SearchText(text).contains(SearchText(phrase), endsInPrefix: true) == isIn)
  }

  @Test(
    arguments: [
      ("a disk, a DISK", "disk", ["disk", "DISK"]), ("disks", "disk", ["disk"]),
      ("Cafe\u{301}!", "café", ["Cafe\u{301}"]),
      ("no space left", "space, l", ["space l"]), ("東京都", "京", ["京"]), ("민수야", "민", ["민"]), ("½", "2", ["½"]),
      ("ﬁn", "f", ["ﬁ"]), ("x 👍🏽!", "👍", ["👍🏽"]), ("", "x", []), ("aaa aa", "aa", ["aa", "aa"]),
    ] as [(String, String, [String])])
  func `a phrase is located in the text`(text: String, phrase: String, found: [String]) throws {
    let characters = Array(text)
    let terms = try #require(SearchTerms(SearchQuery(phrases: [phrase], endsInPrefix: true)))
    let ranges = PlacedSearchText(characters).ranges(of: try #require(terms.phrases.first))
    #expect(ranges.map { String(characters[$0]) } == found)
  }

  /// ASCII takes a faster path.
  @Test func `an ASCII text has the words that the scanner finds`() throws {
    var random = SeededGenerator()
    for _ in 0..<3000 {
      let ascii = (0..<random.number(0...40)).map { _ in UInt8(random.number(0...127)) }
      var scanned: [UInt8] = []
      var scanner = WordScanner()
      let text = String(decoding: ascii, as: UTF8.self)
      for scalar in text.folded().unicodeScalars { scanner.scan(scalar, into: &scanned) }
      if !scanned.isEmpty { scanned.append(SearchText.space) }
      try #require(SearchText(text).bytes == scanned, "\(ascii) \(random)")
    }
  }

  @Test func `the words of a text are appended to what is there`() throws {
    var random = SeededGenerator()
    var all: [UInt8] = []
    var expected: [UInt8] = []
    for _ in 0..<300 {
      let text = random.text(upTo: 30)
      Array(text.utf8).withUnsafeBufferPointer { SearchText.append($0, to: &all) }
      expected += SearchText(text).bytes
      try #require(all == expected, "\(text.debugDescription) \(random)")
    }
    // The index must never fail on damaged text.
    [0x61, 0xff, 0x62].withUnsafeBufferPointer { SearchText.append($0, to: &all) }
    #expect(all.suffix(5) == Array(" a b ".utf8))
  }

  /// The client's pane and the server agree on every text.
  @Test func `a text has a match exactly if it has a location`() throws {
    var random = SeededGenerator()
    for _ in 0..<3000 {
      let text = DisplayText.sanitize(random.text(upTo: 20))
      let words = text.split(separator: " ").map(String.init)
      let phrase = random.flip() ? random.text(upTo: 3) : words.isEmpty ? "" : random.pick(words)
      guard let terms = SearchTerms(SearchQuery(phrases: [phrase], endsInPrefix: random.flip())) else { continue }
      let ranges = PlacedSearchText(Array(text)).ranges(of: try #require(terms.phrases.first))
      try #require(terms.allow(text: text) == !ranges.isEmpty, "\(text.debugDescription) \(phrase) \(random)")
    }
  }

  @Test func `folding texts together or separately gives the same result`() throws {
    var folder = SearchTextFolder()
    var differing: [String] = []
    for value in UInt32(0)...0x1_ffff {
      guard let scalar = Unicode.Scalar(value) else { continue }
      // Marks of several combining classes, in both orders.
      for text in ["a\(scalar)\u{301}b", "\u{93f}\(scalar)\u{323}", "\u{301}\(scalar)"] {
        if folder.searchText(text) != SearchText(text) { differing.append(String(value, radix: 16)) }
      }
    }
    #expect(differing == [])
    var random = SeededGenerator()
    for _ in 0..<3000 {
      let text = random.text(upTo: 60)
      try #require(folder.searchText(text) == SearchText(text), "\(text.debugDescription) \(random)")
    }
  }
}
