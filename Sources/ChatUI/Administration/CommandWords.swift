import ChatProtocol

/// The words behind a command, one after the other.
struct CommandWords {
  private var rest: Substring

  init(_ text: String) { rest = Substring(text.trimmingSpaces) }

  var isAtEnd: Bool { rest.isEmpty }

  /// The next word, which stays.
  var first: String? { rest.isEmpty ? nil : String(rest.prefix { !$0.isWhitespace }) }

  mutating func next() -> String? {
    guard let word = first else { return nil }
    rest = rest.dropFirst(word.count).drop { $0.isWhitespace }
    return word
  }

  /// How long something holds. A word that begins with a digit is a span, or a mistake that must not become a reason:
  /// what was meant for thirty minutes would hold for ever.
  mutating func span() throws(UsageError) -> AdminRequest.Span {
    guard let word = first, word.first?.isNumber == true else { return .forever }
    let span: AdminRequest.Span
    do { span = try AdminRequest.Span(typed: word) } catch {
      throw UsageError("\(error); a reason begins with a letter")
    }
    _ = next()
    return span
  }

  /// All that is left.
  mutating func reason() throws(UsageError) -> String {
    defer { rest = "" }
    return try String(rest).asReason()
  }
}
