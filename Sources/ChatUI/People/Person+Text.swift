import ChatProtocol

extension Person {
  /// The name as the screen shows it. The sign of a guest stands before it, where nobody's name can hide it: that of an
  /// owner never has it.
  var shownName: String { isGuest ? "~\(name)" : name.text }

  /// `neha is away: lunch`. Whoever leaves no word is given the word "away" by some clients.
  var awayText: String {
    guard let away, !away.isEmpty, away.lowercased() != "away" else { return "\(shownName) is away" }
    return "\(shownName) is away: \(away)"
  }
}

/// Names that nobody owns, on a server where names are owned.
struct Guests: Hashable, Sendable {
  private var names: Set<Nickname> = []

  /// Of more the sign is not known.
  private static let maximum = Roster.maximumPeople

  func contains(_ name: Nickname) -> Bool { names.contains(name) }

  mutating func insert(_ name: Nickname) { if names.count < Self.maximum { names.insert(name) } }
  mutating func remove(_ name: Nickname) { names.remove(name) }

  /// The name with its sign: see `Person.shownName`.
  func shown(_ name: Nickname) -> String { Person(name, isGuest: contains(name)).shownName }

  /// A tab's title: `#garden`, `@neha`, `@~neha`.
  func shown(_ target: Target) -> String {
    guard case .person(let name) = target else { return target.text }
    return "@" + shown(name)
  }
}

extension Nickname {
  /// The name before what somebody says. One that consists of signs alone is put in brackets: `!!`, `--` and `-->` stand
  /// before the program's own lines.
  var asAuthor: String { text.hasLetterOrDigit ? text : "<\(text)>" }
}
