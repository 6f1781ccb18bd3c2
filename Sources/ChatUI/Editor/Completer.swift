import ChatProtocol

/// Finds completions for the command, parameter, emoji, name or room before the cursor.
struct Completer {
  let tab: Tab
  /// The user's own name, which is not completed.
  let name: Nickname
  /// The members of the tab's room.
  let roster: SortedRoster
  /// The users on the server.
  let lobby: SortedRoster
  /// The user's rooms, then the rooms that the server listed.
  let rooms: [RoomName]
  /// The last lists of keys and sanctions.
  let administration: Administration
  let isOperator: Bool
  /// The short names of servers.
  let servers: [String]
  /// The names of open servers.
  let openServers: [String]
  let ignored: [String]

  /// - Returns: nil if there are no candidates.
  func completion(backward: Bool) -> Completion? {
    let editor = tab.editor
    let start = (editor.characters[..<editor.cursor].lastIndex { $0.isWhitespace } ?? -1) + 1
    let word = String(editor.characters[start..<editor.cursor])
    let before = String(editor.characters[..<start])
    if start == 0, word.hasPrefix("/"), !word.hasPrefix("//") {
      // Operator commands would be in the way of other users.
      let commands = SlashCommand.groups.filter { !$0.isForOperators || isOperator }.flatMap(\.commands)
        .filter { "/\($0.name) ".begins(withFolded: word.folded()) }
        .map { Completion.Candidate(text: "/\($0.name) ", label: "/\($0.name) \($0.parameters)", help: $0.help) }
      return Completion(word: start..<editor.cursor, candidates: commands, backward: backward)
    }
    let isBeforeSpace = editor.cursor < editor.characters.count && editor.characters[editor.cursor].isWhitespace
    func completion(from start: Int, _ candidates: [Completion.Candidate], suffix: String) -> Completion? {
      let suffix = isBeforeSpace ? String(suffix.dropLast()) : suffix
      let candidates = candidates.map { Completion.Candidate(text: $0.text + suffix, label: $0.label, help: $0.help) }
      return Completion(word: start..<editor.cursor, candidates: candidates, backward: backward)
    }
    func completion(from start: Int, _ texts: [String], suffix: String) -> Completion? {
      completion(from: start, texts.map { Completion.Candidate(text: $0, label: $0) }, suffix: suffix)
    }
    if !word.hasPrefix("#"), case .command(let command, let arguments) = Submission(before) {
      let place = arguments.split { $0.isWhitespace }.count
      if place < command.completable.count {
        return completion(from: start, completions(of: word, as: command.completable[place]), suffix: " ")
      }
    }
    if let start = emojiStart(start..<editor.cursor, in: editor.characters) {
      let stem = String(editor.characters[start + 1..<editor.cursor].filter { $0 != ":" })
      let candidates = EmojiNames.beginning(with: stem).map {
        Completion.Candidate(text: $0.emoji, label: "\($0.emoji) :\($0.name):")
      }
      if let found = completion(from: start, candidates, suffix: " ") { return found }
    }
    // A name may also begin behind a bracket, or without a space in scripts that write none.
    for place in stemPlaces(start..<editor.cursor, in: editor.characters) {
      let stem = String(editor.characters[place..<editor.cursor])
      let isAddress = place == start && !stem.hasPrefix("#") && isAtLineStart(before)
      let candidates = stem.hasPrefix("#") ? completableRooms(stem) : completableNames(stem)
      let found = completion(from: place, candidates, suffix: isAddress ? ": " : " ")
      if let found { return found }
    }
    return nil
  }

  /// The index of the colon before an emoji's name: `:smi`, `:smile:`. A colon within a word, as in `10:30`, does
  /// not count.
  private func emojiStart(_ word: Range<Int>, in characters: [Character]) -> Int? {
    var end = word.upperBound
    if end - 1 > word.lowerBound, characters[end - 1] == ":" { end -= 1 }
    // No name is longer.
    let first = max(word.lowerBound, end - 32)
    guard let colon = characters[first..<max(end, first)].lastIndex(of: ":"), end - colon > 2 else { return nil }
    // An underscore that no word precedes is the sign of a format.
    let before = characters[word.lowerBound..<colon].last { $0 != "_" }
    guard before.map({ WordBoundary.isBetween($0, characters[colon + 1]) }) ?? true else { return nil }
    let isName = characters[(colon + 1)..<end].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    return isName ? colon : nil
  }

  /// Whether a name at this place addresses the line to a user.
  private func isAtLineStart(_ before: String) -> Bool {
    if case .command = Submission(before) { return before.last == "\n" }
    return before.isEmpty || before.last == "\n"
  }

  /// The places where a name may begin in the text since the last space: its start, and each word boundary behind that.
  private func stemPlaces(_ word: Range<Int>, in characters: [Character]) -> [Int] {
    // No name is longer.
    let near = max(word.lowerBound + 1, word.upperBound - RoomName.maximumBytes)
    guard near < word.upperBound else { return [word.lowerBound] }
    return [word.lowerBound]
      + (near..<word.upperBound).filter { WordBoundary.isBetween(characters[$0 - 1], characters[$0]) }
  }

  private func completions(of word: String, as parameter: SlashCommand.CompletableParameter) -> [String] {
    let known: [String]
    switch parameter {
    case .person: return completableNames(word)
    case .room: return completableRooms(word)
    case .server: known = servers
    case .openServer: known = openServers
    case .level: known = NotificationLevel.allCases.map(\.rawValue)
    case .ignored: known = ignored
    case .span: known = ["30m", "12h", "7d", "2w"]
    case .keyAction: known = ["list", "add", "remove"]
    case .key: return administration.keys.map(\.key.text).filter { $0.hasPrefix(word) }
    case .banned: known = administration.subjects(of: .ban)
    case .muted: known = administration.subjects(of: .mute)
    }
    return known.filter { $0.foldedForSearch().begins(withFolded: word.foldedForSearch()) }
  }

  /// Names that begin with the word come before names that contain it at a word boundary. Within each group: recent
  /// authors who are on the server, since most messages answer one of them; then the room's members; then other users.
  private func completableNames(_ word: String) -> [String] {
    var seen: Set<Nickname> = [name]
    var names: [NameMatch: [String]] = [:]
    let (mark, stem) = word.hasPrefix("@") ? ("@", word.dropFirst()) : ("", word[...])
    let folded = String(stem).foldedForSearch()
    func offer(_ name: Nickname) {
      guard let match = NameMatch(folded, in: name.text), seen.insert(name).inserted else { return }
      names[match, default: []].append(mark.isEmpty ? name.asArgument : mark + name.text)
    }
    for entry in tab.transcript.entries.suffix(500).reversed() {
      if let author = entry.message?.author, lobby[author] != nil { offer(author) }
    }
    for person in roster.people { offer(person.name) }
    if tab.room != .lobby { for person in lobby.people { offer(person.name) } }
    return (names[.beginning] ?? []) + (names[.word] ?? [])
  }

  /// The `#` is optional.
  private func completableRooms(_ word: String) -> [String] {
    let stem = String(word.hasPrefix("#") ? word.dropFirst() : word[...]).foldedForSearch()
    var seen: Set<RoomName> = []
    var found: [NameMatch: [String]] = [:]
    for room in rooms {
      guard let match = NameMatch(stem, in: String(room.text.dropFirst())), seen.insert(room).inserted else { continue }
      found[match, default: []].append(room.text)
    }
    return (found[.beginning] ?? []) + (found[.word] ?? [])
  }
}
