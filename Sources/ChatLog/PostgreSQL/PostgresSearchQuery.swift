import ChatProtocol

/// A search as an expression of type `tsquery` on the words of `PostgresWords`.
struct PostgresSearchQuery {
  private let parts: [String]
  /// Whether the conversations are too many for the expression, and are compared row by row.
  let leavesConversationsOut: Bool
  /// Whether each query reads the entries of all words that begin with the last word, however small its range of ids.
  /// A few large ranges are then faster than many small ones.
  let prefersLargeRanges: Bool

  /// Maximum number of phrases, and of words per phrase; the results are checked against the full query.
  private static let indexedPhrases = 16
  private static let indexedWords = 8
  private static let indexedConversations = 64
  /// So many words begin with fewer characters of ASCII that only the messages are compared.
  private static let shortestPrefix = 3

  init(_ terms: SearchTerms, conversations: [Int]) {
    var parts: [String] = []
    var hasPrefix = false
    for phrase in terms.phrases.prefix(Self.indexedPhrases) {
      let words = PostgresWords.words(of: phrase.words)
      for (index, word) in words.prefix(Self.indexedWords).enumerated() {
        guard phrase.endsInPrefix, index == words.count - 1 else {
          parts.append(Self.quoted(word))
          continue
        }
        guard word.utf8.count >= Self.shortestPrefix else { continue }
        parts.append(Self.quoted(word) + ":*")
        hasPrefix = true
      }
    }
    if let author = terms.author { parts.append(Self.quoted(PostgresWords.word(forAuthor: author))) }
    leavesConversationsOut = conversations.count > Self.indexedConversations
    if !leavesConversationsOut {
      let words = conversations.map { Self.quoted(PostgresWords.word(forConversation: $0)) }
      parts.append("(\(words.joined(separator: " | ")))")
    }
    self.parts = parts
    prefersLargeRanges = hasPrefix
  }

  /// - Parameter range: the word of a range of ids.
  func expression(_ range: String) -> String { ([Self.quoted(range)] + parts).joined(separator: " & ") }

  /// No word contains a quote or a backslash: these divide words.
  private static func quoted(_ word: String) -> String { "'\(word)'" }
}
