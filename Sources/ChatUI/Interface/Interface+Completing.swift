import ChatProtocol

// Tab.

extension Interface {
  mutating func complete(backward: Bool) {
    if completion == nil {
      completion = newCompletion(backward: backward)
    } else {
      completion?.step(backward: backward)
    }
    completion?.apply(to: &tabs.current.editor)
    // With the command complete, the next Tab is for its name.
    if completion?.isOnlyOne == true, case .command(let command, "") = Submission(tabs.current.editor.text),
      !command.completable.isEmpty
    {
      completion = nil
    }
  }

  private func newCompletion(backward: Bool) -> Completion? {
    let editor = tabs.current.editor
    let start = (editor.characters[..<editor.cursor].lastIndex { $0.isWhitespace } ?? -1) + 1
    let word = String(editor.characters[start..<editor.cursor])
    let before = String(editor.characters[..<start])
    if start == 0, word.hasPrefix("/"), !word.hasPrefix("//") {
      // What only operators may do would stand in everybody else's way.
      let commands = SlashCommand.allCases.filter { $0.group != .operators || standing.isOperator }
        .map { "/\($0.rawValue) " }.filter { $0.hasPrefix(word.lowercased()) }
      return Completion(word: start..<editor.cursor, candidates: commands, backward: backward)
    }
    var suffix = before.isEmpty || before.last == "\n" ? ": " : " "
    var candidates = { completableNames(word) }
    if word.hasPrefix("#") {
      suffix = " "
      candidates = { completableRooms(word) }
    } else if case .command(let command, let arguments) = Submission(before), !command.completable.isEmpty {
      suffix = " "
      let place = arguments.split { $0.isWhitespace }.count
      if place < command.completable.count {
        let parameter = command.completable[place]
        candidates = { completions(of: word, as: parameter) }
      }
    }
    if editor.cursor < editor.characters.count, editor.characters[editor.cursor].isWhitespace { suffix.removeLast() }
    return Completion(word: start..<editor.cursor, candidates: candidates().map { $0 + suffix }, backward: backward)
  }

  private func completions(of word: String, as parameter: SlashCommand.Parameter) -> [String] {
    let known: [String]
    switch parameter {
    case .person: return completableNames(word)
    case .room: return completableRooms(word)
    case .span: known = ["30m", "12h", "7d", "2w"]
    case .keyAction: known = ["list", "add", "remove"]
    case .key: return administration.keys.map(\.key.text).filter { $0.hasPrefix(word) }
    case .banned: known = administration.subjects(of: .ban)
    case .muted: known = administration.subjects(of: .mute)
    }
    return known.filter { $0.lowercased().hasPrefix(word.lowercased()) }
  }

  /// Who spoke last comes first: most often one answers. Then who is in the room, then who is on the server.
  private func completableNames(_ word: String) -> [String] {
    var seen: Set<Nickname> = [name]
    var names: [String] = []
    let (mark, stem) = word.hasPrefix("@") ? ("@", word.dropFirst().lowercased()) : ("", word.lowercased())
    func offer(_ name: Nickname) {
      guard name.text.lowercased().hasPrefix(stem), seen.insert(name).inserted else { return }
      names.append(mark + name.text)
    }
    for entry in tabs.current.transcript.entries.suffix(500).reversed() {
      if let author = entry.message?.author, rosters.lobby[author] != nil { offer(author) }
    }
    for person in roster.people { offer(person.name) }
    if tabs.current.room != .lobby { for person in rosters.lobby.people { offer(person.name) } }
    return names
  }

  /// The rooms that we are in, then those that the server listed. A `#` need not be typed.
  private func completableRooms(_ word: String) -> [String] {
    let stem = (word.hasPrefix("#") ? word : "#" + word).lowercased()
    var seen: Set<RoomName> = []
    let rooms = tabs.tabs.compactMap(\.room) + listedRooms.map(\.name)
    return rooms.filter { $0.text.lowercased().hasPrefix(stem) && seen.insert($0).inserted }.map(\.text)
  }
}
