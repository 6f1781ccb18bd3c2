import ChatProtocol

/// A search text for the input history. It matches by words, like the server's search, or as a substring, for commands
/// and punctuation.
struct Needle: Hashable, Sendable {
  private let bytes: [UInt8]
  private let terms: SearchTerms?
  private let words: Int

  /// - Returns: nil for an empty text.
  init?(_ text: some StringProtocol) {
    let text = String(text)
    bytes = Array(text.foldedForSearch().utf8)
    let phrases = text.split { $0.isWhitespace }.map(String.init)
    terms = SearchQuery(phrases: phrases, endsInPrefix: true).terms
    words = phrases.count
    guard !bytes.isEmpty else { return nil }
  }

  func isFound(in text: String) -> Bool {
    // Every word of the search text matches a word of the text.
    if let terms, text.split(whereSeparator: { $0.isWhitespace }).count >= words, terms.allow(text: text) {
      return true
    }
    let text = Array(text.foldedForSearch().utf8)
    guard text.count >= bytes.count else { return false }
    return (0...(text.count - bytes.count)).contains { start in
      text[start] == bytes[0] && text[start..<(start + bytes.count)].elementsEqual(bytes)
    }
  }
}

extension SearchQuery {
  fileprivate var terms: SearchTerms? { phrases.isEmpty ? nil : SearchTerms(self) }
}

extension Character {
  /// Whether word-wise cursor movement treats the character as part of a word. In scripts that are written without
  /// spaces it passes a whole run of letters, because a step of one letter is what the arrow keys do.
  var isPartOfWord: Bool { unicodeScalars.contains { $0.wordRole != .divider && $0.wordRole != .nothing } }
}
