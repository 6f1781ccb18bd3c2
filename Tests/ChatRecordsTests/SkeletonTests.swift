import ChatProtocol
import TestSupport
import Testing

@testable import ChatRecords

/// Names that could be taken for one another (UTS #39, section 4).
@Suite struct SkeletonTests {
  @Test(
    arguments: [
      // Cyrillic, Greek, Armenian, Cherokee, Coptic, Lisu.
      ("раураl", "paypal"), ("РАУРАL", "paypal"), ("ΑΡΡΕ", "appe"), ("nехa", "nexa"), ("հello", "hello"),
      ("ԁаvе", "dave"), ("ᎪᏞᎥCᎬ", "alice"), ("ⲟtto", "otto"), ("ꓮꓠꓠꓮ", "anna"), ("јоhn", "John"),
      // Mathematics, full width, letters that stand for numbers.
      ("𝟎𝟏", "ol"), ("ｎｅｈа", "neha"),
      ("ⅿаria", "maria"),
      // Letters that look like digits, and the other way about: where one of the two is not ASCII.
      ("Ві11", "bill"), ("bоb0", "bobo"), ("Ніll", "HIII"), ("іris", "Iris"), ("іris", "lris"),
      // More letters than one.
      ("æsop", "aesop"), ("rnаry", "Mary"), ("ŉ", "'n"),
      // Marks stay, in whatever order and form.
      ("е\u{301}va", "éva"), ("ѐ", "e\u{300}"), ("ѐ", "è"), ("ο\u{323}\u{302}", "ộ"), ("Ḿ", "rń"), ("ǐ", "ľ"),
      ("í", "ĺ"),
      // What the screen leaves out, or shows as one and the same.
      ("neha🏽", "neha"), ("👍🏽", "👍"), ("a\u{301}\u{301}\u{301}\u{301}\u{301}", "a\u{301}\u{301}\u{301}\u{301}"),
      ("\u{fffe}", "\u{ffff}"),
    ])
  func `one could be taken for the other`(_ one: String, _ other: String) {
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
  func `these differ for whoever looks`(_ one: String, _ other: String) {
    let (one, other) = (Nickname(testing: one), Nickname(testing: other))
    #expect(one.skeleton != other.skeleton)
    #expect(!one.resembles(other))
    #expect(!other.resembles(one))
  }

  /// The frozen dialect knows nothing of it: names of ASCII are told apart as always.
  @Test(arguments: [("bill", "bi11"), ("Ivan", "lvan"), ("bob", "b0b"), ("mary", "rnary"), ("|", "1")])
  func `names of ASCII are left alone`(_ one: String, _ other: String) {
    let (one, other) = (Nickname(testing: one), Nickname(testing: other))
    #expect(one.skeleton == other.skeleton)
    #expect(!one.resembles(other))
  }

  @Test func `nobody resembles themselves`() {
    for text in ["neha", "Neha", "нина", "é"] {
      #expect(!Nickname(testing: text).resembles(Nickname(testing: text.uppercased())))
    }
  }

  /// Every scalar that has a meaning, in a name: what it looks like looks like that, and is not longer than a name can bear.
  @Test(.computing) func `a prototype has no other`() throws {
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
