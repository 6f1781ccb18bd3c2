import Foundation

// The one rule by which texts are compared: names, mentions, searches, completion, the switcher, and what is typed to
// choose one of them.
//
// Two texts are the same if their folded forms are: identifier caseless matching of The Unicode Standard, section 3.13
// (D147, the transformation NFKC_Casefold), in the decomposed form. It depends on no locale. Letter case does not count,
// nor do the order and composition of marks, the width and style of a letter (`Ｎ`, `ｶ`, `ﬁ`, `②`), and characters that
// are not shown (default ignorable code points: zero-width spaces and joiners, soft hyphens, variation selectors).
// Marks do: `é` is not `e`. Finding is more forgiving than being the same: see `foldedForSearch` and `SearchText`.
//
// Beyond Unicode's own data, two letters that share a capital are one (σ and ς, ı and i), so that a text is the same
// however its case is changed.

extension String {
  /// The form in which texts are compared, equal byte by byte where two texts are the same. To be compared and stored,
  /// not shown. Folding it again changes nothing. Linear; ASCII takes a fast path.
  package func folded() -> String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return lowercased() }
    let shown = withoutIgnorables.decomposedStringWithCompatibilityMapping
    return shown.foldingCase().withoutIgnorables
  }

  /// The form in which a text that is typed is looked for in another: as `folded`, and without accents, so that `jose`
  /// finds `José`.
  package func foldedForSearch() -> String {
    let folded = folded()
    guard folded.unicodeScalars.contains(where: { $0.wordRole == .accent }) else { return folded }
    return String(String.UnicodeScalarView(folded.unicodeScalars.filter { $0.wordRole != .accent }))
  }

  /// Whether a text that is looked for as `foldedForSearch` begins with another of these.
  package func begins(withFolded beginning: String) -> Bool { utf8.starts(with: beginning.utf8) }

  private var withoutIgnorables: String {
    guard unicodeScalars.contains(where: \.isIgnorable) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isIgnorable }))
  }

  /// The same for texts that differ in case alone. Lower case is not enough: two letters of it may share one capital
  /// (σ and ς), and a capital may be two letters (ß).
  package func foldingCase() -> String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return lowercased() }
    var folded = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      guard scalar.properties.changesWhenCaseMapped else {
        folded.append(scalar)
        continue
      }
      for small in scalar.properties.lowercaseMapping.unicodeScalars { small.foldCase(into: &folded) }
    }
    return String(folded)
  }
}

extension Unicode.Scalar {
  fileprivate var isIgnorable: Bool { !isASCII && properties.isDefaultIgnorableCodePoint }

  fileprivate func foldCase(into folded: inout String.UnicodeScalarView) {
    let capital = properties.uppercaseMapping.unicodeScalars
    // The iota subscript is a mark whose capital is a letter: marks that may stand in any order behind a letter would
    // end up on different ones (The Unicode Standard, 3.13, "Canonical caseless matching").
    if self == "\u{345}" || (capital.count > 1 && capital.contains("\u{399}")) {
      folded.append(self)
    } else {
      for letter in capital { folded.append(contentsOf: letter.properties.lowercaseMapping.unicodeScalars) }
    }
  }
}
