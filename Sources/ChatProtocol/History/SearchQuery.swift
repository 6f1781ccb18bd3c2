/// What is searched for: `disk full "no space left" from:neha after:2026-11-01 before:2026-11-22`. All of it must be
/// true of a message.
public struct SearchQuery: Hashable, Sendable {
  /// Each a word, or several that follow one another, as they were typed; they are compared by `SearchText`.
  public var phrases: [String]
  /// Whether the last word of the last phrase is found also as the beginning of a longer one. True of what a person
  /// typed, unless it ends in quotes.
  public var endsInPrefix: Bool
  public var author: Nickname?
  /// The first moment that counts.
  public var from: Timestamp?
  /// The first moment that counts no more.
  public var until: Timestamp?

  public init(
    phrases: [String] = [], endsInPrefix: Bool = false, author: Nickname? = nil, from: Timestamp? = nil,
    until: Timestamp? = nil
  ) {
    self.phrases = phrases
    self.endsInPrefix = endsInPrefix
    self.author = author
    self.from = from
    self.until = until
  }

  /// Reads what a person types: words between white space, and phrases in quotes. Days are UTC's: `after:` begins with
  /// its day, `before:` ends ahead of its day, `on:` is that day. A word with a colon that is none of these is a word.
  /// - Returns: nil where there is nothing to search for, or a name or date in it is none.
  public init?(_ text: String) {
    self.init()
    var rest = Substring(text)
    while let first = rest.first {
      guard !first.isWhitespace else {
        rest.removeFirst()
        continue
      }
      if first.isQuote {
        let body = rest.dropFirst()
        let end = body.firstIndex(where: \.isQuote) ?? body.endIndex
        take(phrase: body[..<end], endsInPrefix: end == body.endIndex)
        rest = end == body.endIndex ? body[end...] : body[body.index(after: end)...]
        continue
      }
      let word = rest.prefix { !$0.isWhitespace }
      rest = rest[word.endIndex...]
      guard read(filter: word) ?? take(word: word) else { return nil }
    }
    guard !phrases.isEmpty || author != nil || from != nil || until != nil else { return nil }
  }

  private mutating func take(word: Substring) -> Bool {
    take(phrase: word, endsInPrefix: true)
    return true
  }

  private mutating func take(phrase: Substring, endsInPrefix: Bool) {
    guard phrase.contains(where: { $0.isLetter || $0.isNumber || $0.isSymbol }) else { return }
    phrases.append(String(phrase))
    self.endsInPrefix = endsInPrefix
  }

  /// - Returns: nil where the word is no filter, false where it is one that cannot be read.
  private mutating func read(filter word: Substring) -> Bool? {
    // An input method for Chinese or Japanese writes the wide one.
    guard let colon = word.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return nil }
    let value = word[word.index(after: colon)...]
    switch String(word[..<colon]).folded() {
    case "from":
      guard let name = Nickname(value.first == "@" ? value.dropFirst() : value) else { return false }
      author = name
    case "after", "since":
      guard let day = Self.day(value) else { return false }
      from = day.lowerBound
    case "before":
      guard let day = Self.day(value) else { return false }
      until = day.lowerBound
    case "on":
      guard let day = Self.day(value) else { return false }
      (from, until) = (day.lowerBound, day.upperBound)
    default: return nil
    }
    return true
  }

  private static func day(_ text: Substring) -> Range<Timestamp>? {
    guard text.utf8.count == 10, let start = Timestamp("\(text)T00:00:00Z") else { return nil }
    return start..<Timestamp(milliseconds: start.milliseconds + 86_400_000)
  }
}

extension Character {
  /// The plain quotation mark, or what systems put in its place while one types.
  fileprivate var isQuote: Bool { self == "\"" || self == "“" || self == "”" || self == "„" || self == "＂" }
}
