/// Text from the network, made safe to show: it cannot move a cursor, ring a bell, reorder what stands beside it,
/// or hang a mark on somebody else's letter.
///
/// What each character does to a terminal decides what becomes of it (UAX #9 for those that reorder).
public enum DisplayText {
  /// - Returns: the text on one line. Tabs and line separators become a space, control characters U+FFFD; characters
  ///   that reorder text or have no width of their own go, but for combining marks on a letter (at most
  ///   `maximumMarks` of them). Joined emoji fall into their parts. Hangul written in letters becomes syllables.
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
          result.append(scalar)
        }
      case .space:
        marks = 0
        // A mark on a space is drawn, on some terminals, on what stands before it.
        hasBase = false
        result.append(" ")
      case .control:
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

  /// A terminal's cell keeps no more (ncurses 6: CCHARW_MAX is five, the base among them).
  private static let maximumMarks = 4

  private enum Kind { case base, space, control, mark, invisible }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    switch scalar.value {
    case 0x09, 0x2028, 0x2029: return .space
    // Arabic letter mark, zero-width space, joiner and non-joiner, direction marks, embeddings, overrides and isolates,
    // word joiner and invisible operators, byte order mark, interlinear annotations, tags.
    case 0x061c, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x206f, 0xfeff, 0xfff9...0xfffb,
      0xe0000...0xe007f:
      return .invisible
    // Variation selectors and skin tones: terminals do not agree on their width.
    case 0xfe00...0xfe0f, 0xe0100...0xe01ef, 0x1f3fb...0x1f3ff: return .invisible
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control: return .control
    case .nonspacingMark, .enclosingMark: return .mark
    case .format, .surrogate: return .invisible
    case .spaceSeparator: return .space
    default: return .base
    }
  }
}
