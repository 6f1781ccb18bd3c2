/// Punctuation that belongs to the next word (opening signs) or to the previous word (closing signs). Wrapping does not
/// separate a sign from its word, a format may begin behind an opening sign and end before a closing sign, and no link
/// ends with a closing sign, except for a balanced `)`.
enum Punctuation {
  static let opening = Set<Character>("（「『【〈《〔［｛“‘„«¿¡([{<'\"")
  static let closing = Set<Character>("、。，．！？：；）」』】〉》〕］｝”’»…,.!?:;)]}>'\"")

  /// The punctuation of scripts that are written without spaces: a word may begin and end beside each of these.
  private static let wide = Set<Unicode.Scalar>("（「『【〈《〔［｛、。，．！？：；）」』】〉》〕］｝・～".unicodeScalars)
  private static let openingScalars = Set(opening.flatMap(\.unicodeScalars)).union(wide)
  private static let closingScalars = Set(closing.flatMap(\.unicodeScalars)).union(wide)
  private static let dashes = Set<Unicode.Scalar>("—–-".unicodeScalars)

  /// Whether a formatted word can begin directly behind the scalar.
  static func isBeforeWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || openingScalars.contains(scalar) || dashes.contains(scalar)
  }

  /// Whether a formatted word can end directly before the scalar.
  static func isBehindWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || closingScalars.contains(scalar) || dashes.contains(scalar)
  }
}
