import ChatModel
import ChatProtocol

/// Members by nickname.
struct SortedRoster: Hashable, Sendable {
  private(set) var people: [Person] = []

  /// The limit for one roster; more entries of a server are dropped.
  static let maximumPeople = 50_000

  init(_ people: [Person] = []) {
    self.people = people.prefix(Self.maximumPeople).map(\.shortened).sorted { $0.name < $1.name }
  }

  var count: Int { people.count }

  subscript(name: Nickname) -> Person? {
    let index = place(of: name)
    return people.indices.contains(index) && people[index].name == name ? people[index] : nil
  }

  /// The user with a name of several words at the beginning of the text; the longest such name.
  /// - Returns: the name, and its spelling in the text.
  func spaced(at text: String) -> (name: Nickname, written: String)? {
    var found: (name: Nickname, written: String)?
    for end in text.indices.dropFirst().prefix(Nickname.maximumBytes) + [text.endIndex] {
      guard end == text.endIndex || text[end].isWhitespace, let name = Nickname(spaced: text[..<end]), name.isSpaced,
        let person = self[name]
      else { continue }
      found = (person.name, String(text[..<end]))
    }
    return found
  }

  mutating func insert(_ person: Person) {
    let index = place(of: person.name)
    if people.indices.contains(index), people[index].name == person.name {
      people[index] = person
    } else if people.count < Self.maximumPeople {
      people.insert(person, at: index)
    }
  }

  mutating func remove(_ name: Nickname) {
    let index = place(of: name)
    if people.indices.contains(index), people[index].name == name { people.remove(at: index) }
  }

  /// The names that cannot be told from this one by the part that fits into so many columns, and the name itself. They
  /// stand beside it in the roster, so the cost does not depend on the number of members.
  func names(resembling name: Nickname, width: Int) -> [Nickname] {
    let beginning = String(name.text.truncated(to: width).dropLast()).folded()
    let place = place(of: name)
    func resembles(_ person: Person) -> Bool { person.name.folded.hasPrefix(beginning) }
    let before = people[..<place].suffix(Self.maximumResembling).reversed().prefix(while: resembles)
    let after = people[place...].prefix(Self.maximumResembling).prefix(while: resembles)
    return [name] + before.map(\.name) + after.map(\.name)
  }

  private static let maximumResembling = 100

  /// The index of the name, or the index to insert it at.
  func place(of name: Nickname) -> Int {
    var (low, high) = (0, people.count)
    while low < high {
      let middle = (low + high) / 2
      if people[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Person {
  /// The user with the away message cut to what is shown.
  fileprivate var shortened: Person {
    guard let away, away.utf8.count > Interface.maximumWordBytes else { return self }
    return Person(name, away: away.shortened(toBytes: Interface.maximumWordBytes), isGuest: isGuest)
  }
}
