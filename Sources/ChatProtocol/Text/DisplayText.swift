/// Makes text from the network safe to display: the result cannot move the cursor, ring the bell, reorder adjacent
/// text, or attach a mark to a preceding character of the screen.
///
/// Each character is treated according to its effect on a terminal (UAX #9 for characters that reorder).
public enum DisplayText {
  /// - Returns: the text on one line. Tabs and line separators become a space, control characters and noncharacters
  ///   U+FFFD. Characters that reorder text or have no width are removed, except combining marks on a letter (at most
  ///   `maximumMarks` of them). Joined emoji are split into their parts. Hangul jamo are composed into syllables; a
  ///   vowel or final consonant outside a syllable, which has no cell of its own, becomes U+FFFD.
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
        // Some terminals draw a mark after a space on the character before the space.
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

  /// A text of several lines, each of them sanitized. A line feed separates the lines, and a tab before the first other
  /// character of a line becomes spaces up to the next multiple of four columns, because it is an indent.
  public static func sanitizeLines(_ text: String) -> String {
    guard MessageLines.areSeveral(in: text) else { return sanitize(text) }
    return MessageLines.all(of: text).map { sanitize(withSpacesAtStart($0)) }.joined(separator: "\n")
  }

  private static func withSpacesAtStart(_ line: String) -> String {
    let indent = line.utf8.prefix(while: Words.isSpace)
    guard indent.contains(UInt8(ascii: "\t")) else { return line }
    let columns = indent.reduce(0) { $1 == UInt8(ascii: "\t") ? ($0 / 4 + 1) * 4 : $0 + 1 }
    return String(repeating: " ", count: columns) + Substring(line.utf8.dropFirst(indent.count))
  }

  /// Composes a leading consonant with a vowel, or an open syllable with a trailing consonant (The Unicode Standard,
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

  /// A vowel or a trailing consonant, which shares the cell of the preceding syllable.
  private static func isConjoining(_ scalar: Unicode.Scalar) -> Bool {
    (0x1160...0x11ff).contains(scalar.value) || (0xd7b0...0xd7ff).contains(scalar.value)
  }

  /// The limit of a terminal cell (ncurses 6: CCHARW_MAX is five, including the base).
  private static let maximumMarks = 4

  private enum Kind { case base, space, unshowable, mark, invisible }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    let properties = scalar.properties
    // Joiners, direction marks, embeddings, overrides and isolates, fillers, tags, and variation selectors. Terminals
    // disagree about the width of variation selectors and of skin tone modifiers.
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
