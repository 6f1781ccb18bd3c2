/// What is searched for: `disk full "no space left" from:neha after:2026-11-01 before:2026-11-22`. All of it must be
/// true of a message.
public struct SearchQuery: Hashable, Sendable {
  /// Each a word, or several that follow one another. Without regard to case; in the letters they were typed in.
  public var phrases: [String]
  public var author: Nickname?
  /// The first moment that counts.
  public var from: Timestamp?
  /// The first moment that counts no more.
  public var until: Timestamp?

  public init(phrases: [String] = [], author: Nickname? = nil, from: Timestamp? = nil, until: Timestamp? = nil) {
    self.phrases = phrases
    self.author = author
    self.from = from
    self.until = until
  }

  /// Reads what a person types. Days are UTC's: `after:` begins with its day, `before:` ends ahead of its day, `on:` is
  /// that day. A word with a colon that is none of these is a word.
  /// - Returns: nil where there is nothing to search for, or a name or date in it is none.
  public init?(_ text: String) {
    self.init()
    var rest = Substring(text)
    while let first = rest.first {
      guard first != " ", first != "\t" else {
        rest.removeFirst()
        continue
      }
      if first == "\"" {
        let body = rest.dropFirst()
        let end = body.firstIndex(of: "\"") ?? body.endIndex
        phrases.append(String(body[..<end]))
        rest = end == body.endIndex ? body[end...] : body[body.index(after: end)...]
        continue
      }
      let word = rest.prefix { $0 != " " && $0 != "\t" }
      rest = rest[word.endIndex...]
      guard read(filter: word) ?? take(word: word) else { return nil }
    }
    phrases.removeAll { !$0.contains(where: { $0.isLetter || $0.isNumber || $0.isSymbol }) }
    guard !phrases.isEmpty || author != nil || from != nil || until != nil else { return nil }
  }

  private mutating func take(word: Substring) -> Bool {
    phrases.append(String(word))
    return true
  }

  /// - Returns: nil where the word is no filter, false where it is one that cannot be read.
  private mutating func read(filter word: Substring) -> Bool? {
    guard let colon = word.firstIndex(of: ":") else { return nil }
    let value = word[word.index(after: colon)...]
    switch word[..<colon].lowercased() {
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
