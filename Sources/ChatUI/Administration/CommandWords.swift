import ChatProtocol

/// Reads the words of a command's arguments one by one.
struct CommandWords {
  private var rest: Substring

  init(_ text: String) { rest = Substring(text.trimmingSpaces) }

  var isAtEnd: Bool { rest.isEmpty }

  /// The next word, without consuming it.
  var first: String? { rest.isEmpty ? nil : String(rest.prefix { !$0.isWhitespace }) }

  mutating func next() -> String? {
    guard let word = first else { return nil }
    rest = rest.dropFirst(word.count).drop { $0.isWhitespace }
    return word
  }

  /// Reads a duration. A word that begins with a digit is a duration or an error, never a reason: a mistyped thirty
  /// minutes would otherwise become for ever.
  mutating func span() throws(UsageError) -> AdminRequest.Span {
    guard let word = first, word.first?.isNumber == true else { return .forever }
    let span: AdminRequest.Span
    do { span = try AdminRequest.Span(typed: word) } catch {
      throw UsageError("\(error); a reason begins with a letter")
    }
    _ = next()
    return span
  }

  /// Reads the rest of the text.
  mutating func reason() throws(UsageError) -> String {
    defer { rest = "" }
    return try String(rest).asReason()
  }
}
