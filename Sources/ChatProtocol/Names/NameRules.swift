// What holds for the names of people and of rooms alike.

extension Unicode.Scalar {
  /// Nothing that divides words, acts on a terminal, or cannot be seen: a name that only looks like another's is a
  /// disguise.
  var isAllowedInName: Bool {
    if isASCII { return value > 0x20 && value != 0x7f }
    if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return false }
    // The empty Braille pattern is a symbol by its properties, and blank.
    if value == 0x2800 { return false }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return false
    default: return true
    }
  }
}

extension String {
  /// The same for texts that differ in case alone. Lower case is not enough: two letters of it may share one capital
  /// (σ and ς), and a capital may be two letters (ß).
  package func foldingCase() -> String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return lowercased() }
    var folded = String.UnicodeScalarView()
    for scalar in lowercased().unicodeScalars {
      let capital = scalar.properties.uppercaseMapping
      // The iota subscript is a mark whose capital is a letter: marks that may stand in any order behind a letter would
      // end up on different ones (The Unicode Standard, 3.13, "Canonical caseless matching").
      let hasSubscript =
        scalar == "\u{345}" || (capital.unicodeScalars.count > 1 && capital.unicodeScalars.contains("\u{399}"))
      if hasSubscript {
        folded.append(scalar)
      } else {
        folded.append(contentsOf: capital.lowercased().unicodeScalars)
      }
    }
    return String(folded)
  }
}
