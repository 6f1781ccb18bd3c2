import Foundation

// The single rule for comparing texts: names, mentions, searches, completion, the switcher, and typed selections.
//
// Two texts are equal if their folded forms are: identifier caseless matching of The Unicode Standard, section 3.13
// (D147, the transformation NFKC_Casefold), in the decomposed form. The rule is independent of the locale. It ignores
// letter case, the order and composition of marks, the width and style of a letter (`Ｎ`, `ｶ`, `ﬁ`, `②`), and invisible
// characters (default ignorable code points: zero-width spaces and joiners, soft hyphens, variation selectors). Marks
// are significant: `é` is not `e`. Searching is more lenient than comparison: see `foldedForSearch` and `SearchText`.
//
// Beyond Unicode's own data, two letters that share a capital are one (σ and ς, ı and i), so that a text equals itself
// after any change of case.

extension String {
  /// The form for comparison: two texts are equal if these forms are equal byte by byte. For comparison and storage,
  /// not for display. Folding is idempotent and takes linear time; ASCII takes a fast path.
  package func folded() -> String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return lowercased() }
    let shown = withoutIgnorables.withMarksApart.decomposedStringWithCompatibilityMapping
    return shown.foldingCase().withoutIgnorables
  }

  /// The form for searching while the user types: as `folded`, and without accents, so that `jose` finds `José`.
  package func foldedForSearch() -> String {
    let folded = folded()
    guard folded.unicodeScalars.contains(where: { $0.wordRole == .accent }) else { return folded }
    return String(String.UnicodeScalarView(folded.unicodeScalars.filter { $0.wordRole != .accent }))
  }

  /// Whether this text begins with another one; both in the form of `foldedForSearch`.
  package func begins(withFolded beginning: String) -> Bool { utf8.starts(with: beginning.utf8) }

  /// Foundation does not order the parts of these characters among the marks before them, because the characters
  /// themselves are no marks (their combining class is 0, those of their parts are not).
  private var withMarksApart: String {
    guard unicodeScalars.contains(where: { $0.marks != nil }) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if let marks = scalar.marks { text += marks } else { text.unicodeScalars.append(scalar) }
    }
  }

  private var withoutIgnorables: String {
    guard unicodeScalars.contains(where: \.isIgnorable) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.filter { !$0.isIgnorable }))
  }

  /// Equal for texts that differ only in case. Lower case is not sufficient: two lower-case letters may share one
  /// capital (σ and ς), and a capital may be two letters (ß).
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
  /// The decomposition of the characters that are no marks and consist of marks: Tibetan vowels, and the halfwidth signs
  /// for voiced Japanese syllables.
  fileprivate var marks: String? {
    switch value {
    case 0xf73: "\u{f71}\u{f72}"
    case 0xf75: "\u{f71}\u{f74}"
    case 0xf81: "\u{f71}\u{f80}"
    case 0xff9e: "\u{3099}"
    case 0xff9f: "\u{309a}"
    default: nil
    }
  }

  fileprivate var isIgnorable: Bool { !isASCII && properties.isDefaultIgnorableCodePoint }

  fileprivate func foldCase(into folded: inout String.UnicodeScalarView) {
    let capital = properties.uppercaseMapping.unicodeScalars
    // The iota subscript is a mark whose capital is a letter: folding it would separate marks that may follow a letter
    // in any order (The Unicode Standard, 3.13, "Canonical caseless matching").
    if self == "\u{345}" || (capital.count > 1 && capital.contains("\u{399}")) {
      folded.append(self)
    } else {
      for letter in capital { folded.append(contentsOf: letter.properties.lowercaseMapping.unicodeScalars) }
    }
  }
}
