import ChatModel
import ChatProtocol

/// Members by nickname.
struct SortedRoster: Hashable, Sendable {
  private(set) var people: [Person] = []
  /// The nicknames of the members who are away, in order.
  private var away: [Nickname] = []

  /// The limit for one roster; more entries of a server are dropped.
  static let maximumPeople = 50_000

  init(_ people: [Person] = []) {
    self.people = people.prefix(Self.maximumPeople).map(\.shortened).sorted { $0.name < $1.name }
    away = self.people.compactMap { $0.away == nil ? nil : $0.name }
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
    } else {
      return
    }
    note(person.name, isAway: person.away != nil)
  }

  mutating func remove(_ name: Nickname) {
    let index = place(of: name)
    if people.indices.contains(index), people[index].name == name { people.remove(at: index) }
    note(name, isAway: false)
  }

  private mutating func note(_ name: Nickname, isAway: Bool) {
    let index = Self.place(of: name, in: away)
    let wasAway = away.indices.contains(index) && away[index] == name
    if isAway, !wasAway { away.insert(name, at: index) }
    if !isAway, wasAway { away.remove(at: index) }
  }

  // MARK: The list

  /// The users at these places of the list: those who are here, and behind them those who are away.
  func listed(_ range: Range<Int>) -> [Person] {
    let here = people.count - away.count
    var listed: [Person] = []
    if range.lowerBound < here {
      listed += people.lazy.filter { $0.away == nil }.dropFirst(range.lowerBound).prefix(range.count)
    }
    for index in range where index >= here && index - here < away.count {
      if let person = self[away[index - here]] { listed.append(person) }
    }
    return listed
  }

  /// The place of a user in the list; for a name that is not in it, the place of the next one.
  func listPlace(of name: Nickname) -> Int {
    let index = Self.place(of: name, in: away)
    if away.indices.contains(index), away[index] == name { return people.count - away.count + index }
    // The users before it, without those who are away.
    return place(of: name) - index
  }

  /// The name, and the names that begin like it as far as `width` columns show it, in any letter case. They are its
  /// neighbours in the sorted roster, so the cost does not depend on the number of members.
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
  func place(of name: Nickname) -> Int { Self.place(of: name, in: people.lazy.map(\.name)) }

  private static func place(of name: Nickname, in names: some RandomAccessCollection<Nickname>) -> Int {
    var (low, high) = (names.startIndex, names.endIndex)
    while low < high {
      let middle = names.index(low, offsetBy: names.distance(from: low, to: high) / 2)
      if names[middle] < name { low = names.index(after: middle) } else { high = middle }
    }
    return names.distance(from: names.startIndex, to: low)
  }
}

extension Person {
  /// The user with the away message cut to what is shown.
  fileprivate var shortened: Person {
    guard let away, away.utf8.count > Interface.maximumWordBytes else { return self }
    return Person(name, away: away.shortened(toBytes: Interface.maximumWordBytes), isGuest: isGuest)
  }
}
