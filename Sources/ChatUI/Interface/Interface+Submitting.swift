import ChatProtocol

extension Interface {
  /// More lines than this are more likely a paste than a message, and need a confirmation.
  private static let linesWithoutAsking = 5

  /// Handles Enter.
  /// - Parameter isConfirmed: whether the user confirmed sending many lines.
  mutating func submit(isConfirmed: Bool = false) -> [InterfaceCommand] {
    let input = tabs.current.editor.text
    guard !input.trimmingSpaces.isEmpty else { return [] }
    let submission = Submission(input)
    if let name = tabs.current.formerRecipient, recipient(of: submission, in: tabs.current) == name {
      tabs.current.formerRecipient = nil
      hint = "\(name) is another person now: Enter once more sends it to them"
      return []
    }
    let lines = lines(of: submission.text).count
    if lines > Self.linesWithoutAsking, !isConfirmed {
      mode = .confirmingSend(lines: lines)
      return []
    }
    switch submission {
    case .text(let text):
      take(input)
      return send(text)
    case .command(let command, let arguments):
      take(input)
      return obey(command, arguments)
    case .unknownCommand(let word):
      // The input keeps the text: it may only lack a second slash.
      let name = word.sanitizedWord
      hint = "there is no /\(name): F1 lists what there is, //\(name) sends it as text"
      return []
    }
  }

  /// - Returns: the recipient of a direct message; nil if the submission goes to a room or to no one.
  func recipient(of submission: Submission, in tab: Tab) -> Nickname? {
    switch submission {
    case .text(let text) where text.trimmingSpaces.isEmpty: return nil
    case .text, .command(.me, _): if case .person(let name) = tab.target { return name }
    case .command(.dm, let arguments): return addressee(in: arguments)?.name
    case .command, .unknownCommand: break
    }
    return nil
  }

  /// Splits the text into messages. A blank line between others becomes a no-break space, which the project's own
  /// server accepts as text; on other servers, which may not, it is dropped.
  private func lines(of text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.trimmingSpaces.isEmpty == true { lines.removeLast() }
    let keepsBlank = tabs.tabs.contains { $0.epoch != nil }
    return lines.drop { $0.trimmingSpaces.isEmpty }.compactMap { line in
      line.trimmingSpaces.isEmpty ? keepsBlank ? "\u{a0}" : nil : line
    }
  }

  /// Empties the input and appends its text to the history.
  private mutating func take(_ input: String) {
    tabs.current.history.append(input)
    tabs.current.editor.reset()
    tabs.current.returned = nil
    tabs.current.formerRecipient = nil
    scrollToBottom()
  }

  private mutating func send(_ text: String) -> [InterfaceCommand] {
    let recipient = tabs.current.target
    return lines(of: text).map { line in
      let id = nextSend()
      tabs.current.transcript.appendUnconfirmed(Transcript.Unconfirmed(id: id, original: line, time: now))
      return .send(id, to: recipient, text: line)
    }
  }

  // MARK: Commands

  private mutating func obey(_ command: SlashCommand, _ arguments: String) -> [InterfaceCommand] {
    switch command {
    case .dm: return writeDirectly(arguments)
    case .me:
      guard !arguments.isEmpty else { return usage(command) }
      return send("/me \(arguments)")
    case .join: return join(arguments)
    case .part: return part(arguments)
    case .rooms:
      guard connection.isOnline else {
        tell(.alert("not connected: the rooms cannot be listed"))
        return []
      }
      isListingRooms = true
      hint = "asking for the rooms…"
      return [.listRooms]
    case .topic: return topic(arguments)
    case .search: return search(arguments)
    case .who:
      listPeople()
      return [.refreshPeople]
    case .ping: return [.ping]
    case .name:
      guard !arguments.isEmpty else { return usage(command) }
      guard let name = Nickname(arguments) else {
        tell(.alert(ErrorCode.invalidUsername.explanation))
        return []
      }
      return [.useName(name, isRemembered: true)]
    case .connect: return arguments.isEmpty ? usage(command) : [.connect(place: arguments)]
    case .away: return [.setAway(arguments.replacing("\n", with: " "))]
    case .back: return [.setAway(nil)]
    case .close: return close(tabs.currentIndex)
    case .clear: tabs.current.clear()
    case .help: mode = .help(scroll: 0, over: .chatting)
    case .quit: return quit()
    case .remove: beginRemoving(arguments)
    case .trust: return trust()
    case .create, .invite, .uninvite, .key, .kick, .ban, .unban, .mute, .unmute, .bans, .slow, .delete, .op, .deop,
      .ops, .audit:
      return administer(command, arguments)
    }
    return []
  }

  mutating func usage(_ command: SlashCommand) -> [InterfaceCommand] {
    tell(.alert("write it as: \(command.usage)"))
    return []
  }

  private mutating func writeDirectly(_ arguments: String) -> [InterfaceCommand] {
    let word = String(arguments.prefix { !$0.isWhitespace })
    guard !word.isEmpty else { return usage(.dm) }
    guard let (name, written) = addressee(in: arguments) else {
      tell(.alert("\(word.sanitizedWord) cannot be anybody's name"))
      return []
    }
    guard openTab(.person(name)) else { return [] }
    let text = arguments.dropFirst(written.count).trimmingSpaces
    guard !text.isEmpty else { return [] }
    return send(text)
  }

  /// The recipient of `/dm`, and the name as written in the arguments; nil if it is not a valid name.
  private func addressee(in arguments: String) -> (name: Nickname, written: String)? {
    // On other servers names may contain spaces.
    if let spaced = rosters.lobby.spaced(at: arguments) { return (spaced.name, spaced.written) }
    let word = String(arguments.prefix { !$0.isWhitespace })
    return person(named: word).map { ($0, word) }
  }

  /// The user with this name, with or without a leading `@`, in the spelling of its owner.
  func person(named word: String) -> Nickname? {
    let isName = Nickname(word).flatMap { rosters.lobby[$0] } != nil
    let bare = word.hasPrefix("@") && !isName ? String(word.dropFirst()) : word
    return Nickname(bare).map { rosters.lobby[$0]?.name ?? $0 }
  }

  private mutating func listPeople() {
    guard connection.isOnline else { return tell(.notice("not connected")) }
    let names = roster.people.prefix(200).map { $0.away == nil ? $0.shownName : "\($0.shownName) (away)" }
    let rest = roster.count > names.count ? " and \(roster.count - names.count) more" : ""
    let list = "\(names.joined(separator: ", "))\(rest)"
    guard rosters.isLobbyKnown || (tabs.current.room ?? .lobby) != .lobby else {
      // The server answers with its list.
      if roster.count > 0 { tell(.notice("heard from: \(list)")) }
      return
    }
    guard roster.count > 0 else { return tell(.notice("nobody is here")) }
    tell(.notice("\(roster.count) here: \(list)"))
  }
}
