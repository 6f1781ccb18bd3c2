import ChatProtocol

/// Answer of a server without tags to one `WHO`.
struct RosterAnswer: Sendable {
  private static let mostLines = 200

  /// From `USER name` and `USERS name, name`.
  private var names: [Nickname] = []
  /// From `USER` lines with more than one word.
  private var spaced: [String] = []
  /// All other lines; some may be users' messages.
  private(set) var lines: [String] = []
  /// Number of lines dropped for lack of room.
  private(set) var missing = 0

  var isEmpty: Bool { names.isEmpty && spaced.isEmpty && lines.isEmpty }

  mutating func add(_ names: [Nickname]) {
    self.names += names.prefix(max(Roster.limit - self.names.count, 0))
  }

  mutating func remove(_ name: Nickname) {
    names.removeAll { $0 == name }
    spaced.removeAll { Nickname(spaced: Self.withoutRemark($0)) == name }
  }

  mutating func add(_ line: String) {
    guard spaced.count + lines.count < Self.mostLines else { return missing += 1 }
    let (word, rest) = NameReader.firstWord(of: line[...])
    if word.uppercased() == "USER", !rest.isEmpty { spaced.append(String(rest)) } else { lines.append(line) }
  }

  /// - Parameters:
  ///   - own: the name of this client's user, which shows how the server lists users.
  ///   - isRepeated: whether this is not the first answer: a greeting that contains our name is not a list.
  /// - Returns: the listed users, empty if they cannot be recognised, and the lines besides `USER name` and `USERS
  ///   name, name`.
  func read(own: Nickname, isRepeated: Bool) -> (people: [Nickname], lines: [String]) {
    var (people, rest) = (names, lines)
    let isBare = names.contains(own) || spaced.contains { Nickname(spaced: Self.withoutRemark($0)) == own }
    for text in spaced {
      let word = Nickname(NameReader.firstWord(of: text[...]).word)
      // The line for our own name shows whether words after the name belong to it.
      let isDescribed = !isBare && ownIsDescribed(own)
      let isNamed = isBare || !names.isEmpty
      let name = isDescribed ? word : isNamed ? Nickname(spaced: Self.withoutRemark(text)) : nil
      if let name { people.append(name) } else { rest.append("USER \(text)") }
    }
    guard people.isEmpty, isRepeated else { return (people, rest) }
    if let list = rest.lazy.compactMap({ Self.list($0, own: own) }).first {
      people = list
    } else if let bullet = rest.lazy.compactMap({ Self.bullet(of: $0, own: own) }).first {
      people = rest.compactMap { Self.name(in: $0, behind: bullet) }
    }
    return (people, rest)
  }

  /// `neha` of `neha (you)`.
  private static func withoutRemark(_ text: String) -> Substring {
    guard text.last == ")", let start = text.lastIndex(of: "("), start > text.startIndex else { return text[...] }
    let before = text.index(before: start)
    guard text[before] == " " else { return text[...] }
    let end = text[..<before].lastIndex { $0 != " " } ?? before
    return text[...end]
  }

  /// `USER neha 192.0.2.7`
  private func ownIsDescribed(_ own: Nickname) -> Bool {
    spaced.contains { Nickname(NameReader.firstWord(of: $0[...]).word) == own }
  }

  /// `akash, neha`, possibly after a word and a colon.
  private static func list(_ line: String, own: Nickname) -> [Nickname]? {
    let start = line.lastIndex(of: ":").map(line.index(after:)) ?? line.startIndex
    guard start > line.startIndex || line.contains(",") else { return nil }
    var names: [Nickname] = []
    for part in line[start...].split(separator: ",") {
      let (word, rest) = NameReader.firstWord(of: part)
      guard rest.isEmpty, let name = Nickname(word) else { return nil }
      names.append(name)
    }
    return names.contains(own) ? names : nil
  }

  /// The text before our own name, if it is neither empty nor a word.
  private static func bullet(of line: String, own: Nickname) -> String? {
    let bullet = line.prefix { !$0.isLetter }.withoutNumbers
    guard bullet.contains(where: { !$0.isWhitespace }), name(in: line, behind: bullet) == own else { return nil }
    return bullet
  }

  private static func name(in line: String, behind bullet: String) -> Nickname? {
    let start = line.firstIndex(where: \.isLetter) ?? line.endIndex
    guard line[..<start].withoutNumbers == bullet else { return nil }
    return Nickname(NameReader.firstWord(of: line[start...]).word)
  }
}
