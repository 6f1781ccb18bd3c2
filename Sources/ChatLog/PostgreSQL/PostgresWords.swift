import ChatProtocol

/// The words by which the index finds a message: those of `SearchText`, and one each for the conversation, the author
/// and two ranges of ids. Every search condition is thus a word; a word for a range keeps a query from reading the
/// entries of all other ranges.
enum PostgresWords {
  /// Longer words are cut: PostgreSQL has a limit.
  static let maximumBytes = 500

  /// Ranges of ids, of which each query of the index searches one.
  enum Span: Int {
    /// The number of low bits of an id.
    case small = 14
    case large = 19

    var size: Int { 1 << rawValue }

    /// The word of the range that holds the id. No text contains it, because `_` divides words there.
    func word(for id: Int) -> String { "_\(self == .small ? "s" : "l")\(id >> rawValue)" }
  }

  static func word(forConversation id: Int) -> String { SearchIndex.word(forConversation: id) }
  static func word(forAuthor name: Nickname) -> String { SearchIndex.word(forAuthor: name) }

  /// The words of a message, separated by spaces.
  static func words(id: Int, conversation: Int, author: Nickname, text: String) -> String {
    let words = [
      Span.small.word(for: id), Span.large.word(for: id), word(forConversation: conversation), word(forAuthor: author),
    ]
    return (words + self.words(of: SearchText(text))).joined(separator: " ")
  }

  /// The words of a text or a phrase, as they are in the index.
  static func words(of text: SearchText) -> [String] {
    text.bytes.split(separator: SearchText.space).map { word in
      guard word.count > maximumBytes else { return String(decoding: word, as: UTF8.self) }
      // Without the part of a character at the end.
      let end = word[..<(word.startIndex + maximumBytes + 1)].lastIndex { $0 & 0xc0 != 0x80 } ?? word.startIndex
      return String(decoding: word[..<end], as: UTF8.self)
    }
  }
}
