import ChatProtocol

/// A search of `bench log`.
enum LogQuery: CaseIterable {
  case common
  case rare
  case phrase
  /// A common word in the messages of one author.
  case author

  private static let person = "person7"

  /// The query as a user types it.
  var text: String {
    switch self {
    case .common: BenchWords.common
    case .rare: BenchWords.rare
    case .phrase: "\"\(BenchWords.phrase.joined(separator: " "))\""
    case .author: "from:\(Self.person) \(BenchWords.common)"
    }
  }

  /// Whether the search has to find a message with these words, by a rule that is not the log's own.
  func finds(_ words: [String], by author: Nickname) -> Bool {
    switch self {
    case .common: words.contains(BenchWords.common)
    case .rare: words.contains(BenchWords.rare)
    case .phrase: words.indices.contains { words[$0...].starts(with: BenchWords.phrase) }
    case .author: author.text == Self.person && words.contains(BenchWords.common)
    }
  }
}
