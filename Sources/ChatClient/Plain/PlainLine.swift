/// A line whose words have to be interpreted.
struct PlainLine: Sendable {
  enum PlainVerb: Sendable { case message, direct, none }

  let text: String
  let verb: PlainVerb
  /// The text after the verb.
  let body: Substring

  init(_ text: String) {
    self.text = text
    let (word, rest) = NameReader.firstWord(of: text[...])
    switch word.uppercased() {
    case "MSG": (verb, body) = (.message, rest)
    case "DM": (verb, body) = (.direct, rest)
    default: (verb, body) = (.none, text[...])
    }
  }

  /// Whether the line claims to be a user's message.
  var isMessage: Bool { verb != .none }
}
