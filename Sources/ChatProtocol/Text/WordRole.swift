/// The effect of a character of a folded text on word boundaries: the only definition of a word, for mentions and for
/// searches.
///
/// It follows UAX #29, "Unicode Text Segmentation", section 4, without its dictionaries: a run of letters and digits is
/// a word. In a script that is written without spaces between words (Line_Break SA and ID of UAX #14, the kana and
/// Hangul) there is a boundary at each letter, because finding words requires a dictionary: `太郎` ends before `さん`, and
/// `민수` before `야`.
package enum WordRole: Hashable, Sendable {
  /// Continues the word of an adjacent letter.
  case letter
  /// A letter of a script without spaces, or a symbol: a word by itself.
  case single
  /// A vowel that is written before the consonant it belongs to, as in Thai: one word with what follows.
  case leading
  /// Belongs to the preceding character and changes it into a different letter.
  case mark
  /// An accent: belongs to the preceding character; searches ignore it.
  case accent
  /// Ignored.
  case nothing
  /// Joins two words to one name, as `_` does. Searches find each of them.
  case connector
  case divider
}

extension Unicode.Scalar {
  package var wordRole: WordRole {
    if isASCII { return Self.asciiRoles[Int(value)] }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      if isHangulContinuation || isFollowingVowel { return .mark }
      if properties.isLogicalOrderException { return .leading }
      return isWrittenWithoutSpaces ? .single : .letter
    case .nonspacingMark, .spacingMark, .enclosingMark: return isAccent ? .accent : .mark
    case .format: return .nothing
    case .modifierSymbol where properties.isEmojiModifier: return .nothing
    // Replacements for characters that cannot be displayed.
    case .otherSymbol where self == "\u{fffd}" || self == "\u{25cc}": return .divider
    case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .privateUse, .unassigned: return .single
    case .connectorPunctuation: return .connector
    default: return .divider
    }
  }

  private static let asciiRoles: [WordRole] = (UInt8(0)..<128).map { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      .letter
    case UInt8(ascii: "_"): .connector
    default: .divider
    }
  }

  /// Combining marks for letters of any alphabet, and variation selectors; not the vowels of Indic scripts, which make
  /// a different word.
  private var isAccent: Bool {
    switch value {
    case 0x0300...0x036f, 0x1ab0...0x1aff, 0x1dc0...0x1dff, 0x20d0...0x20ff, 0xfe00...0xfe0f, 0xfe20...0xfe2f,
      0xe0100...0xe01ef:
      true
    default: false
    }
  }

  /// The vowels and trailing consonants of a decomposed syllable.
  private var isHangulContinuation: Bool { (0x1160...0x11ff).contains(value) || (0xd7b0...0xd7ff).contains(value) }

  /// Vowels of Thai and Lao that are letters by their properties, but never begin a syllable.
  private var isFollowingVowel: Bool {
    switch value {
    case 0x0e30, 0x0e32, 0x0e33, 0x0e45, 0x0eb0, 0x0eb2, 0x0eb3, 0x0ebd: true
    default: false
    }
  }

  private var isWrittenWithoutSpaces: Bool {
    switch value {
    case 0x0e00...0x0eff: true  // Thai, Lao
    case 0x1000...0x109f, 0xa9e0...0xa9ff, 0xaa60...0xaa7f: true  // Burmese
    case 0x1100...0x115f, 0xa960...0xa97f: true  // a syllable's first consonant
    case 0x1780...0x17ff: true  // Khmer
    case 0x1950...0x19df, 0x1a20...0x1aaf, 0xaa80...0xaadf: true  // Tai Le, New Tai Lue, Tai Tham, Tai Viet
    case 0x1b00...0x1b7f, 0xa980...0xa9df: true  // Balinese, Javanese
    case 0x3005, 0x3031...0x3035, 0x303b, 0x303c: true  // repeats of an ideograph or of kana
    case 0x3040...0x30ff, 0x31f0...0x31ff, 0x1aff0...0x1b16f: true  // kana
    case 0x3100...0x312f, 0x31a0...0x31bf: true  // Bopomofo
    case 0xa000...0xa4cf: true  // Yi
    case 0x11700...0x1174f: true  // Ahom
    default: properties.isIdeographic
    }
  }

  fileprivate var isKatakana: Bool {
    switch value {
    case 0x30a1...0x30fa, 0x30fc...0x30ff, 0x31f0...0x31ff: true
    default: false
    }
  }
}

extension Unicode.Scalar {
  package var isMark: Bool { wordRole == .mark || wordRole == .accent }
}

/// Word boundaries, at which a name may begin or end.
package enum WordBoundary {
  /// Whether there is a boundary between two characters of a folded text.
  /// - Parameters:
  ///   - left: the last character before the position that is not a mark; nil at the beginning.
  ///   - right: the first character after the position; nil at the end.
  package static func isBetween(_ left: Unicode.Scalar?, _ right: Unicode.Scalar?) -> Bool {
    guard let right else { return true }
    let roles = (left: left?.wordRole, right: right.wordRole)
    // A mark after a divider has no base letter: there, a Hangul vowel stands for itself.
    if roles.right == .mark || roles.right == .accent { return left == nil || roles.left == .divider }
    guard let left, let role = roles.left else { return true }
    switch (role, roles.right) {
    case (.letter, .letter), (.letter, .connector), (.connector, .letter): return false
    case (.leading, .single), (.leading, .letter), (.leading, .leading): return false
    // Katakana writes foreign words, which are runs of letters as in an alphabet (UAX #29, WB13).
    case (.single, .single): return !(left.isKatakana && right.isKatakana)
    default: return true
    }
  }

  /// The last scalar before the index that is no mark of a letter; nil if there is none near.
  package static func base<Scalars: BidirectionalCollection<Unicode.Scalar>>(
    before index: Scalars.Index, in scalars: Scalars
  ) -> Unicode.Scalar? {
    scalars[..<index].suffix(maximumMarks + 1).last { !$0.isMark && $0.wordRole != .nothing }
  }

  /// Maximum number of marks skipped to find their base letter.
  private static let maximumMarks = 8

  /// As above, for two characters of an unfolded text.
  package static func isBetween(_ left: Character, _ right: Character) -> Bool {
    let scalars = String(left).folded().unicodeScalars
    let base = scalars.last { !$0.isMark }
    return isBetween(base ?? scalars.last, String(right).folded().unicodeScalars.first)
  }
}
