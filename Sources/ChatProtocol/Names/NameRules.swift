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

extension StringProtocol {
  /// Whether a letter or a digit of any script is among the text. Without one, a name is made of the signs that programs
  /// put before their own lines: `!!`, `--`, `-->`.
  package var hasLetterOrDigit: Bool {
    unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
        .letterNumber, .otherNumber:
        true
      default: false
      }
    }
  }
}
