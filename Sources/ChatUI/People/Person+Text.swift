import ChatProtocol

extension Person {
  /// The name as lists show it. The sign of a guest stands before it, where nobody's name can hide it: that of an owner
  /// never has it.
  var shownName: String { isGuest ? "~\(name)" : name.text }

  /// `neha is away: lunch`. Whoever leaves no word is given the word "away" by some clients.
  var awayText: String {
    guard let away, !away.isEmpty, away.lowercased() != "away" else { return "\(name) is away" }
    return "\(name) is away: \(away)"
  }
}

extension Nickname {
  /// The name before what somebody says. One that consists of signs alone is put in brackets: `!!`, `--` and `-->` stand
  /// before the program's own lines.
  var asAuthor: String { text.hasLetterOrDigit ? text : "<\(text)>" }
}
