/// A search query: `disk full "no space left" from:neha after:2026-11-01 before:2026-11-22`. A message must match all
/// of it.
public struct SearchQuery: Hashable, Sendable {
  /// Each phrase is a word or several consecutive words, as typed; `SearchText` compares them.
  public var phrases: [String]
  /// Whether the last word also matches the beginning of a longer word. True for typed queries, unless a quotation mark
  /// ends the last phrase that has a word.
  public var endsInPrefix: Bool
  public var author: Nickname?
  /// Start of the period, inclusive.
  public var from: Timestamp?
  /// End of the period, exclusive.
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

  /// Reads a typed query: words separated by white space, and phrases in quotation marks. Days are UTC: `after:` starts
  /// with its day, `before:` ends before its day, `on:` is that day. A word with any other prefix and a colon is an
  /// ordinary word.
  /// - Returns: nil if there is nothing to search for, or if a name or date is invalid.
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
    // Matching leaves out a phrase without words, so the one before it stays the last.
    if SearchText(String(phrase)).hasWords { self.endsInPrefix = endsInPrefix }
  }

  /// - Returns: nil if the word is not a filter, false if its value is invalid.
  private mutating func read(filter word: Substring) -> Bool? {
    // A name may begin with a combining mark, which is one `Character` with the colon or the @ before it. Chinese and
    // Japanese input methods type the full-width colon.
    let scalars = word.unicodeScalars
    guard let colon = scalars.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return nil }
    let value = Substring(scalars[scalars.index(after: colon)...])
    switch String(word[..<colon]).folded() {
    case "from":
      let isMarked = value.utf8.first == UInt8(ascii: "@")
      guard let name = Nickname(isMarked ? Substring(value.utf8.dropFirst()) : value) else { return false }
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
  /// The ASCII quotation mark, or the ones that systems substitute for it while typing.
  fileprivate var isQuote: Bool { self == "\"" || self == "“" || self == "”" || self == "„" || self == "＂" }
}
