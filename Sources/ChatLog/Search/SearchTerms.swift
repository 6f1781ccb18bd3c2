import ChatProtocol

/// A query, made ready to be held against messages. Every log finds by the same rule.
struct SearchTerms: Sendable {
  /// Each once; those without a word, such as a lone `+`, are left out.
  let phrases: [SearchText]
  let author: Nickname?
  let from: Timestamp?
  let until: Timestamp?

  /// - Returns: nil where nothing can be found: there were phrases, and not a word in them.
  init?(_ query: SearchQuery) {
    var known: Set<SearchText> = []
    phrases = query.phrases.map(SearchText.init).filter { $0.hasWords && known.insert($0).inserted }
    guard !phrases.isEmpty || query.phrases.isEmpty else { return nil }
    author = query.author
    from = query.from
    until = query.until
  }

  func allow(author: Nickname) -> Bool { self.author.map { $0 == author } ?? true }

  func allow(time: Timestamp) -> Bool { time >= from ?? time && until.map { time < $0 } ?? true }

  func allow(text: String) -> Bool {
    guard !phrases.isEmpty else { return true }
    let words = SearchText(text)
    return phrases.allSatisfy(words.contains)
  }

  func allow(_ message: StoredMessage) -> Bool {
    message.kind == .text && allow(author: message.author) && allow(time: message.time) && allow(text: message.text)
  }
}
