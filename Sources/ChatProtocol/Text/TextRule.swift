/// The version of the text comparison rule, on which stored folded texts depend.
package enum TextRule {
  /// Changes whenever `folded` or the words of `SearchText` change, so that a database can be migrated to the current
  /// rule.
  ///
  /// - 1: names ignore case only; every letter of Thai and Lao is a word.
  /// - 2: NFKC_Casefold; vowels of Thai and Lao belong to their consonants.
  /// - 3: equal nicknames have the same bytes. Before, the key of one that was typed in lower case had the composition of
  ///   the typed text.
  package static let version = 3
}
