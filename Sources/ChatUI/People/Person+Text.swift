import ChatModel
import ChatProtocol

extension Person {
  /// The name for display. A guest gets the sign `~`, an owner never does. The sign is first, so that no name can hide
  /// it; a name that itself begins with the sign, as older and other servers allow it, is put in brackets.
  var shownName: String { (isGuest ? "~" : "") + (name.beginsWithGuestSign ? "<\(name)>" : name.text) }

  /// `neha is away: lunch`
  var awayText: String { awayWord.map { "\(shownName) is away: \($0)" } ?? "\(shownName) is away" }

  /// The away message; nil if there is none. Some clients send the text "away" if the user gives none.
  var awayWord: String? {
    guard let away, !away.isEmpty, away.lowercased() != "away" else { return nil }
    return away
  }
}

/// Nicknames that no account owns, on a server with owned names.
struct Guests: Hashable, Sendable {
  private var names: Set<Nickname> = []

  /// The limit for names; guests beyond it are shown without the sign.
  private static let maximum = SortedRoster.maximumPeople

  func contains(_ name: Nickname) -> Bool { names.contains(name) }

  mutating func insert(_ name: Nickname) { if names.count < Self.maximum { names.insert(name) } }
  mutating func remove(_ name: Nickname) { names.remove(name) }

  /// The name with the sign of a guest: see `Person.shownName`.
  func shown(_ name: Nickname) -> String { Person(name, isGuest: contains(name)).shownName }

  /// The name as the author of a message, with the sign of a guest.
  func author(_ name: Nickname) -> String { (contains(name) ? "~" : "") + name.asAuthor }

  /// A tab's title: `#garden`, `@neha`, `@~neha`.
  func shown(_ target: Target) -> String {
    guard case .person(let name) = target else { return target.text }
    return "@" + shown(name)
  }
}

extension Nickname {
  /// The name as the author of a message. A name without letters or digits is put in brackets, because `!!`, `--` and
  /// `-->` mark the program's own lines, and so is a name that begins with the sign of guests.
  var asAuthor: String {
    isPlainlyReadable || (text.hasLetterOrDigit && !beginsWithGuestSign) ? text : "<\(text)>"
  }

  /// Whether the name begins with `~`, of any width.
  fileprivate var beginsWithGuestSign: Bool { folded.utf8.first == UInt8(ascii: "~") }

  /// Whether the name begins with an ASCII letter or digit: most names, whose characters need not be looked up.
  private var isPlainlyReadable: Bool {
    switch text.utf8.first ?? 0 {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }
}
