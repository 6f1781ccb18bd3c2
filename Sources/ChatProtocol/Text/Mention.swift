extension String {
  /// Whether the text contains the name as a separate word, in any form that equals the name (`String.folded`). In
  /// scripts without spaces a particle or title may follow the name, see `WordRole`.
  package func mentions(_ name: Nickname) -> Bool { mentions(name, orAnyOf: []) }

  /// Whether the text contains the name or one of these texts as a separate word or words. Folds the text once at most.
  /// - Parameter words: in the form of `folded`.
  package func mentions(_ name: Nickname, orAnyOf words: [String]) -> Bool {
    let isASCII = utf8.allSatisfy { $0 < 0x80 }
    // Most messages do not mention the user: a message is folded only if it contains the first byte of a text.
    let possible = ([name.foldedAsShown] + words).filter { mayHold($0, isASCII: isASCII) }
    guard !possible.isEmpty else { return false }
    let text = Array(folded().shownScalars)
    return possible.contains { Self.holds(text, word: $0) }
  }

  private func mayHold(_ sought: String, isASCII: Bool) -> Bool {
    guard isASCII else { return true }
    guard utf8.count >= sought.utf8.count, let first = sought.utf8.first, first < 0x80 else { return false }
    return utf8.contains { $0 | 0x20 == first | 0x20 }
  }

  /// - Parameters:
  ///   - text: the shown scalars of a folded text.
  ///   - word: folded.
  private static func holds(_ text: [Unicode.Scalar], word: String) -> Bool {
    let word = Array(word.shownScalars)
    guard let first = word.first, let last = word.last(where: { !$0.isMark }) ?? word.last, text.count >= word.count
    else { return false }
    for start in 0...(text.count - word.count) where text[start] == first {
      let end = start + word.count
      guard text[start..<end].elementsEqual(word) else { continue }
      let before = WordBoundary.base(before: start, in: text)
      let after = end < text.count ? text[end] : nil
      guard WordBoundary.isBetween(before, first), WordBoundary.isBetween(last, after) else { continue }
      // A name that begins or ends with punctuation is not part of an adjacent word.
      if first.wordRole == .divider, before?.wordRole == .letter { continue }
      if last.wordRole == .divider, after?.wordRole == .letter { continue }
      return true
    }
    return false
  }

  private var shownScalars: some Sequence<Unicode.Scalar> { unicodeScalars.lazy.filter { $0.wordRole != .nothing } }
}

extension Nickname {
  /// The folded name without the characters that the screen leaves out, because displayed texts lack them, too.
  fileprivate var foldedAsShown: String {
    text.utf8.allSatisfy { $0 < 0x80 } ? folded : DisplayText.sanitize(text).folded()
  }
}
