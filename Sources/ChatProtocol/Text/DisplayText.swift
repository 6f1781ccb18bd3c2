/// Text from the network, made safe to show: it cannot move a cursor, ring a bell, reorder what stands beside it,
/// or hang a mark on somebody else's letter.
///
/// What each character does to a terminal decides what becomes of it (UAX #9 for those that reorder).
public enum DisplayText {
  /// - Returns: the text on one line. Tabs and line separators become a space, control characters and noncharacters
  ///   U+FFFD; characters that reorder text or have no width of their own go, but for combining marks on a letter (at
  ///   most `maximumMarks` of them). Joined emoji fall into their parts. Hangul written in letters becomes syllables,
  ///   and a letter that is no part of one, and that only there would have a cell, U+FFFD.
  public static func sanitize(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text }
    var result = String.UnicodeScalarView()
    var marks = 0
    var hasBase = false
    for scalar in text.unicodeScalars {
      switch kind(of: scalar) {
      case .base:
        marks = 0
        hasBase = true
        if let last = result.last, let syllable = hangul(last, scalar) {
          result.removeLast()
          result.append(syllable)
        } else {
          result.append(isConjoining(scalar) ? "\u{fffd}" : scalar)
        }
      case .space:
        marks = 0
        // A mark on a space is drawn, on some terminals, on what stands before it.
        hasBase = false
        result.append(" ")
      case .unshowable:
        marks = 0
        hasBase = true
        result.append("\u{fffd}")
      case .mark:
        marks += 1
        guard marks <= maximumMarks else { continue }
        if !hasBase {
          result.append("\u{25cc}")
          hasBase = true
        }
        result.append(scalar)
      case .invisible: continue
      }
    }
    return String(result)
  }

  /// A leading consonant with a vowel, or a syllable without a trailing consonant with one (The Unicode Standard,
  /// 3.12): terminals give vowels and trailing consonants no cell and lose them.
  private static func hangul(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
    switch (first.value, second.value) {
    case (0x1100...0x1112, 0x1161...0x1175):
      return Unicode.Scalar(0xac00 + ((first.value - 0x1100) * 21 + second.value - 0x1161) * 28)
    case (0xac00...0xd7a3, 0x11a8...0x11c2) where (first.value - 0xac00) % 28 == 0:
      return Unicode.Scalar(first.value + second.value - 0x11a7)
    default: return nil
    }
  }

  /// A vowel or a trailing consonant, which has no cell but that of the syllable before it.
  private static func isConjoining(_ scalar: Unicode.Scalar) -> Bool {
    (0x1160...0x11ff).contains(scalar.value) || (0xd7b0...0xd7ff).contains(scalar.value)
  }

  /// A terminal's cell keeps no more (ncurses 6: CCHARW_MAX is five, the base among them).
  private static let maximumMarks = 4

  private enum Kind { case base, space, unshowable, mark, invisible }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    let properties = scalar.properties
    // Joiners, direction marks, embeddings, overrides and isolates, fillers, tags, and the variation selectors on whose
    // width terminals do not agree; nor do they on that of skin tones.
    if properties.isDefaultIgnorableCodePoint || properties.isEmojiModifier { return .invisible }
    switch properties.generalCategory {
    case .control: return scalar == "\t" ? .space : .unshowable
    case .nonspacingMark, .enclosingMark: return .mark
    case .format, .surrogate: return .invisible
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
    case .unassigned: return properties.isNoncharacterCodePoint ? .unshowable : .base
    default: return .base
    }
  }
}
