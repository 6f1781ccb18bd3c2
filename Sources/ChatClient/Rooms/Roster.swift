import ChatModel
import ChatProtocol

/// The users who are present.
struct Roster: Sendable {
  /// Maximum number of users; further ones are ignored.
  static let limit = 20_000

  private struct Entry: Sendable {
    var person: Person
    /// Login order.
    var serial: UInt64
  }

  private var entries: [Nickname: Entry] = [:]
  private var serials: UInt64 = 0

  var count: Int { entries.count }
  var isFull: Bool { entries.count >= Self.limit }

  func contains(_ name: Nickname) -> Bool { entries[name] != nil }

  subscript(name: Nickname) -> Person? { entries[name]?.person }

  var people: [Person] { entries.values.sorted { $0.serial < $1.serial }.map(\.person) }

  /// - Returns: whether the name is new. A known name keeps its place.
  @discardableResult
  mutating func insert(_ person: Person) -> Bool {
    if entries[person.name] != nil {
      entries[person.name]?.person = person
      return false
    }
    guard !isFull else { return false }
    serials += 1
    entries[person.name] = Entry(person: person, serial: serials)
    return true
  }

  /// - Returns: whether the name is new.
  mutating func insert(unlessKnown name: Nickname) -> Bool { !contains(name) && insert(Person(name)) }

  @discardableResult
  mutating func remove(_ name: Nickname) -> Bool { entries.removeValue(forKey: name) != nil }

  /// - Parameter away: nil for a user who is back.
  /// - Returns: whether the state changed.
  mutating func set(away: String?, of name: Nickname) -> Bool {
    guard entries[name]?.person.away != away || entries[name] == nil else { return false }
    let known = entries[name]?.person
    insert(Person(known?.name ?? name, away: away, isGuest: known?.isGuest == true))
    return contains(name)
  }

  /// Whether both rosters have the same users in the same state, in any order.
  func isSame(as other: Roster) -> Bool {
    entries.count == other.entries.count
      && entries.allSatisfy { name, entry in
        guard let twin = other.entries[name] else { return false }
        return twin.person.away == entry.person.away && twin.person.name.text == entry.person.name.text
          && twin.person.isGuest == entry.person.isGuest
      }
  }
}
