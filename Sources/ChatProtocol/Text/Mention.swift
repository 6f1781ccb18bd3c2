extension String {
  /// Whether the text contains the name as a separate word, in any form that equals the name (`String.folded`). In
  /// scripts without spaces a particle or title may follow the name, see `WordRole`.
  package func mentions(_ name: Nickname) -> Bool { mentions(folded: name.foldedAsShown) }

  /// Whether the text contains this text as a separate word or words.
  /// - Parameter sought: in the form of `folded`.
  package func mentions(folded sought: String) -> Bool {
    let isASCII = utf8.allSatisfy { $0 < 0x80 }
    guard utf8.count >= sought.utf8.count || !isASCII else { return false }
    // Most messages do not mention the user: a message is folded only if it contains the first byte of the name.
    if isASCII, let first = sought.utf8.first {
      guard first < 0x80, utf8.contains(where: { $0 | 0x20 == first | 0x20 }) else { return false }
    }
    return folded().holds(word: sought)
  }

  /// - Parameter word: folded, like this text.
  private func holds(word: String) -> Bool {
    let text = Array(shownScalars)
    let word = Array(word.shownScalars)
    guard let first = word.first, let last = word.last(where: { !$0.isMark }) ?? word.last, text.count >= word.count
    else { return false }
    for start in 0...(text.count - word.count) where text[start] == first {
      let end = start + word.count
      guard text[start..<end].elementsEqual(word) else { continue }
      let before = text[..<start].suffix(Self.maximumMarks + 1).last { !$0.isMark }
      let after = end < text.count ? text[end] : nil
      guard WordBoundary.isBetween(before, first), WordBoundary.isBetween(last, after) else { continue }
      // A name that begins or ends with punctuation is not part of an adjacent word.
      if first.wordRole == .divider, before?.wordRole == .letter { continue }
      if last.wordRole == .divider, after?.wordRole == .letter { continue }
      return true
    }
    return false
  }

  /// Maximum number of marks skipped to find their base letter.
  private static var maximumMarks: Int { 8 }

  private var shownScalars: some Sequence<Unicode.Scalar> { unicodeScalars.lazy.filter { $0.wordRole != .nothing } }
}

extension Nickname {
  /// The folded name without the characters that the screen leaves out, because displayed texts lack them, too.
  fileprivate var foldedAsShown: String {
    text.utf8.allSatisfy { $0 < 0x80 } ? folded : DisplayText.sanitize(text).folded()
  }
}

extension Unicode.Scalar {
  fileprivate var isMark: Bool { wordRole == .mark || wordRole == .accent }
}
