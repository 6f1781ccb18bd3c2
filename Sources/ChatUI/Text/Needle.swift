import ChatProtocol

/// A text that is looked for in what was typed before: the words of it, or its characters anywhere, since commands and
/// punctuation are looked for, too.
struct Needle: Hashable, Sendable {
  private let bytes: [UInt8]
  private let terms: SearchTerms?
  private let words: Int

  /// - Returns: nil where there is nothing to look for.
  init?(_ text: some StringProtocol) {
    let text = String(text)
    bytes = Array(text.foldedForSearch().utf8)
    let phrases = text.split { $0.isWhitespace }.map(String.init)
    terms = SearchQuery(phrases: phrases, endsInPrefix: true).terms
    words = phrases.count
    guard !bytes.isEmpty else { return nil }
  }

  func isFound(in text: String) -> Bool {
    // Each word is one of the text's.
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
  /// What the cursor passes over in one step, word by word.
  var isPartOfWord: Bool { isLetter || isNumber || self == "_" }
}
