// Rules for nicknames and room names.

extension Unicode.Scalar {
  /// Excludes white space, control characters and invisible characters: a name that only looks like another name is a
  /// disguise.
  var isAllowedInName: Bool {
    if isASCII { return value > 0x20 && value != 0x7f }
    if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return false }
    // The blank Braille pattern is a symbol by its properties, but is invisible.
    if value == 0x2800 { return false }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return false
    default: return true
    }
  }
}

extension StringProtocol {
  /// Whether the text has a letter or digit of any script. A name without one looks like the marks that programs put
  /// before their own lines: `!!`, `--`, `-->`.
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
