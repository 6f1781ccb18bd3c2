import ChatProtocol
import TestSupport
import Testing

@testable import ChatRecords

/// Confusable names (UTS #39, section 4).
@Suite struct SkeletonTests {
  @Test(
    arguments: [
      // Cyrillic, Greek, Armenian, Cherokee, Coptic, Lisu.
      ("раураl", "paypal"), ("РАУРАL", "paypal"), ("ΑΡΡΕ", "appe"), ("nехa", "nexa"), ("հello", "hello"),
      ("ԁаvе", "dave"), ("ᎪᏞᎥCᎬ", "alice"), ("ⲟtto", "otto"), ("ꓮꓠꓠꓮ", "anna"), ("јоhn", "John"),
      // Mathematical letters, full width, letters that represent numbers.
      ("𝟎𝟏", "ol"), ("ｎｅｈа", "neha"),
      ("ⅿаria", "maria"),
      // Letters that look like digits and digits that look like letters, with one of the two not ASCII.
      ("Ві11", "bill"), ("bоb0", "bobo"), ("Ніll", "HIII"), ("іris", "Iris"), ("іris", "lris"),
      // Sequences of letters.
      ("æsop", "aesop"), ("rnаry", "Mary"), ("ŉ", "'n"),
      // Marks are kept, in any order and form.
      ("е\u{301}va", "éva"), ("ѐ", "e\u{300}"), ("ѐ", "è"), ("ο\u{323}\u{302}", "ộ"), ("Ḿ", "rń"), ("ǐ", "ľ"),
      ("í", "ĺ"),
      // Characters that the screen omits or shows alike.
      ("neha🏽", "neha"), ("👍🏽", "👍"), ("a\u{301}\u{301}\u{301}\u{301}\u{301}", "a\u{301}\u{301}\u{301}\u{301}"),
      ("\u{fffe}", "\u{ffff}"),
    ])
  func `confusable names have the same skeleton`(_ one: String, _ other: String) {
    let (one, other) = (Nickname(testing: one), Nickname(testing: other))
    #expect(one.skeleton == other.skeleton)
    #expect(one.resembles(other))
    #expect(other.resembles(one))
  }

  @Test(
    arguments: [
      ("eva", "éva"), ("jose", "josé"), ("o", "ö"), ("o", "ø"), ("l", "ł"), ("c", "ç"), ("neha", "nehа\u{323}"),
      ("иван", "ivan"), ("иван", "иванна"), ("нина", "hnha"), ("日本", "日木"), ("गीता", "गीत"),
      ("paypa", "раураl"), ("é", "è"), ("😀", "😁"),
    ])
  func `distinguishable names have different skeletons`(_ one: String, _ other: String) {
    let (one, other) = (Nickname(testing: one), Nickname(testing: other))
    #expect(one.skeleton != other.skeleton)
    #expect(!one.resembles(other))
    #expect(!other.resembles(one))
  }

  /// The frozen dialect has no such rule: ASCII names are compared only by case.
  @Test(arguments: [("bill", "bi11"), ("Ivan", "lvan"), ("bob", "b0b"), ("mary", "rnary"), ("|", "1")])
  func `names of ASCII are not confusable`(_ one: String, _ other: String) {
    let (one, other) = (Nickname(testing: one), Nickname(testing: other))
    #expect(one.skeleton == other.skeleton)
    #expect(!one.resembles(other))
  }

  @Test func `no name is confusable with itself`() {
    for text in ["neha", "Neha", "нина", "é"] {
      #expect(!Nickname(testing: text).resembles(Nickname(testing: text.uppercased())))
    }
  }

  /// Each assigned scalar, in a name: its prototype maps to itself and is no longer than a name may be.
  @Test(.computing) func `a prototype is its own prototype`() throws {
    var sources = 0
    for value in UInt32(0x21)...0x3ffff {
      guard let scalar = Unicode.Scalar(value), let name = Nickname(String(scalar)) else { continue }
      guard DisplayText.sanitize(name.text) == name.text else { continue }
      let skeleton = name.skeleton
      guard ConfusableTable.prototype(of: scalar) != nil else {
        #expect(skeleton == name.text.foldingCase())
        continue
      }
      sources += 1
      try #require(skeleton.unicodeScalars.count <= 24, "\(name)")
      var again = ""
      for scalar in skeleton.unicodeScalars {
        again += ConfusableTable.prototype(of: scalar) ?? String(scalar).foldingCase()
      }
      try #require(again == skeleton, "\(name) \(skeleton) \(again)")
    }
    #expect(sources > 5000)
  }
}
