/// What is stored in the form that texts are compared in depends on the rule for that.
package enum TextRule {
  /// Changes whenever `folded` or the words of `SearchText` do, so that a database can be brought up to the present rule.
  ///
  /// - 1: names without regard to case alone; every letter of Thai and Lao a word.
  /// - 2: NFKC_Casefold; vowels of Thai and Lao belong to their consonants.
  package static let version = 2
}
