/// One phrase of a query, prepared for matching.
package struct SearchPhrase: Hashable, Sendable {
  package let words: SearchText
  /// Whether the last word may match the beginning of a longer word.
  package let endsInPrefix: Bool

  package func isFound(in text: SearchText) -> Bool { text.contains(words, endsInPrefix: endsInPrefix) }
}

/// A query, prepared for matching against messages. All log implementations and the client's screen use the same rule.
package struct SearchTerms: Hashable, Sendable {
  /// Distinct phrases; those without a word, such as a lone `+`, are left out.
  package let phrases: [SearchPhrase]
  package let author: Nickname?
  package let from: Timestamp?
  package let until: Timestamp?

  /// - Returns: nil if nothing can match: the query has phrases, but no word.
  package init?(_ query: SearchQuery) {
    var known: Set<SearchPhrase> = []
    let texts = query.phrases.map(SearchText.init).filter(\.hasWords)
    phrases = texts.enumerated().map { offset, words in
      SearchPhrase(words: words, endsInPrefix: query.endsInPrefix && offset == texts.count - 1)
    }.filter { known.insert($0).inserted }
    guard !phrases.isEmpty || query.phrases.isEmpty else { return nil }
    author = query.author
    from = query.from
    until = query.until
  }

  package func allow(author: Nickname) -> Bool { self.author.map { $0 == author } ?? true }

  package func allow(time: Timestamp) -> Bool { time >= from ?? time && until.map { time < $0 } ?? true }

  package func allow(text: String) -> Bool {
    guard !phrases.isEmpty else { return true }
    return allow(words: SearchText(text))
  }

  package func allow(words: SearchText) -> Bool { phrases.allSatisfy { $0.isFound(in: words) } }
}
