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

  /// Whether fonts draw a shape for every character. Required of a new name only, because older names in a log stay
  /// valid: two names whose difference has no shape look alike, even if both are displayed without a fault.
  package var isDrawnWhole: Bool {
    if utf8.allSatisfy({ $0 < 0x80 }) { return true }
    var joins = false
    for scalar in unicodeScalars {
      if joins, scalar.properties.generalCategory != .otherLetter { return false }
      guard scalar.hasShape else { return false }
      joins = scalar.isStacker
    }
    return !joins
  }
}

extension Unicode.Scalar {
  /// Whether the scalar is assigned, with a meaning known to all, and has a shape of its own or changes that of its
  /// neighbours. White space, format characters and default ignorable scalars are no part of any name:
  /// `isAllowedInName` excludes them.
  fileprivate var hasShape: Bool {
    switch properties.generalCategory {
    // Noncharacters count as unassigned.
    case .unassigned, .privateUse: return false
    default: break
    }
    switch value {
    // Marks and letters whose charts show a dashed box in place of a shape, or nothing: TIFINAGH CONSONANT JOINER,
    // BRAHMI NUMBER JOINER, EGYPTIAN HIEROGLYPH MIRROR HORIZONTALLY, FULL BLANK and HALF BLANK, KHITAN SMALL SCRIPT
    // FILLER, DUPLOYAN THICK LETTER SELECTOR, MUSICAL SYMBOL NULL NOTEHEAD, and the modifiers of SignWriting.
    case 0x2d7f, 0x1107f, 0x13440...0x13442, 0x16fe4, 0x1bc9d, 0x1d159, 0x1da9b...0x1da9f, 0x1daa1...0x1daaf:
      return false
    // OBJECT REPLACEMENT CHARACTER, and REPLACEMENT CHARACTER, which is displayed for other scalars.
    case 0xfffc, 0xfffd: return false
    default: return true
    }
  }

  /// Whether the scalar is a mark without a shape that joins two letters of its script: the Indic syllabic category
  /// Invisible_Stacker. Burmese, Khmer and other scripts need it, before a letter.
  fileprivate var isStacker: Bool {
    switch value {
    case 0x1039, 0x17d2, 0x1a60, 0x1bab, 0xaaf6, 0x10a3f, 0x11133, 0x113d0, 0x1193e, 0x11a47, 0x11a99, 0x11d45,
      0x11d97, 0x11f42:
      true
    default: false
    }
  }
}
