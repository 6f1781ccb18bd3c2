import ChatProtocol
import TestSupport
import Testing

/// Names in a text as separate words.
@Suite struct MentionTests {
  @Test(
    arguments: [
      ("neha", "neha"), ("NEHA: hi", "Neha"), ("hi, Neha!", "neha"), ("(@neha)", "neha"), ("neha's", "neha"),
      ("x-neha", "neha"), ("nehaneha neha", "neha"), ("«neha»", "neha"), ("neha…", "neha"), ("👋neha", "neha"),
      // Letters of a script without spaces do not belong to an adjacent word.
      ("你neha", "neha"), ("nehaさん、", "neha"), ("neha야", "neha"), ("李雷来了", "李雷"), ("你好李雷", "李雷"),
      ("太郎さん", "太郎"), ("おはよう太郎さん", "太郎"), ("田中太郎", "太郎"), ("はなちゃん", "はな"), ("マリアさん", "マリア"),
      ("ﾏﾘｱさん", "マリア"), ("マリア、", "ﾏﾘｱ"), ("アン・リー", "アン"),
      ("민수야", "민수"), ("김민수씨", "민수"), ("민수, 안녕", "민수"), ("\u{1106}\u{1175}\u{11ab}\u{1109}\u{116e}야", "민수"),
      ("สมชายครับ", "สมชาย"), ("ขอบคุณสมชาย", "สมชาย"), ("ສົມໄຊເດີ", "ສົມໄຊ"), ("မောင်ရေ", "မောင်"), ("សុខអើយ", "សុខ"),
      // The same name in another spelling.
      ("Éva?", "e\u{301}va"), ("e\u{301}va?", "Éva"), ("Ｎｅｈａ", "neha"), ("neha!", "ｎｅｈａ"), ("STRASSE", "straße"),
      ("hi straße", "STRASSE"), ("İPEK", "i\u{307}pek"), ("ILGIN", "ılgın"), ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
      ("ne\u{200b}ha", "neha"), ("ne\u{ad}ha", "neha"), ("\u{200f}neha\u{200e}", "neha"), ("ﬁna", "fina"),
      ("नेहा जी", "नेहा"), ("@नेहा,", "नेहा"),
      // Names with punctuation.
      ("hi [x]!", "[X]"), ("[bot]: go", "[bot]"), ("你[bot]", "[bot]"), ("j.doe, hi", "j.doe"), ("(j.doe)", "J.Doe"),
      ("neha_: hi", "neha_"), ("c++?", "c++"), ("😀 hi", "😀"), ("hi😀😀", "😀"), ("👍🏽!", "👍"), ("👍", "👍🏽"),
      // A single Hangul vowel.
      ("hi, ㅧב !", "ㅧב"), ("(ㅠㅠ)", "ㅠㅠ"),
    ])
  func `the name is mentioned`(text: String, name: String) throws {
    #expect(text.mentions(try #require(Nickname(name))))
    // The text as it is displayed.
    #expect(DisplayText.sanitize(text).mentions(try #require(Nickname(name))))
  }

  @Test(
    arguments: [
      ("", "neha"), ("neh", "neha"), ("nehas", "neha"), ("xneha", "neha"), ("neha_", "neha"), ("_neha", "neha"),
      ("neha2", "neha"), ("nehá", "neha"), ("neha\u{301}", "neha"), ("ne ha", "neha"), ("nеha", "neha"),
      ("Canada", "ada"), ("ＣＡＮＡＤＡ", "ada"), ("Adam", "ada"), ("jose", "josé"), ("josé", "jose"),
      ("アンケート", "アン"), ("ｱﾝｹｰﾄ", "アン"), ("パン", "ハン"), ("ガン", "カン"), ("がく", "か"), ("민", "미"), ("국", "구"),
      ("한", "하"), ("ปลา", "ล"), ("สี", "ส"), ("เมือง", "ม"), ("नेहा", "न"), ("नेहाजी", "नेहा"), ("कि", "क"),
      ("a[x]", "[x]"), ("[x]b", "[x]"), ("xj.doe", "j.doe"), ("C++11", "c++"), ("ПАПА", "пап"), ("ﬁnal", "fin"),
      ("😁", "😀"), ("太", "太郎"), ("大郎さん", "太郎"),
    ])
  func `the name is a part of another word, or a different name`(text: String, name: String) throws {
    #expect(!text.mentions(try #require(Nickname(name))))
    #expect(!DisplayText.sanitize(text).mentions(try #require(Nickname(name))))
  }

  /// Any name is mentioned in a text of itself, in any case and between spaces.
  @Test func `every name can be mentioned`() throws {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let name = random.name()
      // A leading mark would join the character before it.
      let first = name.text.unicodeScalars.first { $0.wordRole != .nothing }
      if [.mark, .accent].contains(first?.wordRole) { continue }
      // A Hangul vowel without its consonant is displayed in another form at the start of a text.
      let shown = DisplayText.sanitize(name.text)
      guard DisplayText.sanitize("hi, \(name.text) !").contains(shown), name.folded == shown.folded() else { continue }
      for text in [name.text, name.text.lowercased(), "hi, \(name.text) !", "(\(name.text.lowercased()))"] {
        guard Nickname(text) == name || text != name.text.lowercased() else { continue }
        // In lower case, İ has a mark of its own, and the last one of five is not displayed.
        guard DisplayText.sanitize(text).folded().contains(shown.folded()) else { continue }
        try #require(DisplayText.sanitize(text).mentions(name), "\(text.debugDescription) \(random)")
      }
      _ = random.text(upTo: 30).mentions(name)
    }
  }

  @Test func `a long text of partial matches is searched in linear time`() throws {
    let name = try #require(Nickname(String(repeating: "é", count: 16)))
    let text = String(repeating: "e\u{301}", count: 4000)
    #expect(!text.mentions(name))
  }

  @Test func `several texts are sought at once as each of them alone`() throws {
    let name = try #require(Nickname("neha"))
    let words = ["straße", "disk full", "你好", "c++"].map { $0.folded() }
    for (text, isFound) in [
      ("the DISK full", true), ("STRASSE!", true), ("neha", true), ("你好吗", true), ("c++?", true), ("full disk", false),
      ("", false), ("C++11", false), ("discs", false),
    ] {
      #expect(text.mentions(name, orAnyOf: words) == isFound, "\(text)")
    }
    #expect(!"a text without them".mentions(name, orAnyOf: []))
  }
}
