import ChatProtocol

extension SlashCommand {
  static let talking = [
    SlashCommand(
      name: "dm", aliases: ["msg"], parameters: "NAME [TEXT]", help: "write to one person, in a tab of their own",
      completable: [.person], sends: .directMessages, run: { try $0.writeDirectly(&$1) }),
    SlashCommand(
      name: "me", parameters: "TEXT", help: "describe an action: * neha waves", sends: .messages,
      run: { $0.send("/me \(try $1.requiredRest())") }),
    SlashCommand(
      name: "search", parameters: "WORDS", help: "search messages; from:NAME in:#ROOM on:DAY",
      run: { try $0.search(&$1) }),
    SlashCommand(
      name: "remove", parameters: "[REASON]", help: "remove your message; operators: any message",
      scope: .online(otherwise: "not connected: nothing can be removed"),
      run: { try $0.beginRedaction(reason: $1.reason()) }),
    SlashCommand(name: "who", help: "list the people here", run: { interface, _ in interface.listPeople() }),
    SlashCommand(
      name: "away", parameters: "[TEXT]", help: "mark yourself as away",
      run: { [.client(.away($1.takeRest().replacing("\n", with: " ")))] }),
    SlashCommand(name: "back", help: "mark yourself as back", run: { _, _ in [.client(.away(nil))] }),
  ]
}

extension Interface {
  fileprivate mutating func writeDirectly(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    guard let word = words.first else { throw words.usageError }
    let arguments = words.takeRest()
    guard let (name, written) = addressee(in: arguments) else {
      throw UsageError("\(word.sanitizedWord) cannot be anybody's name")
    }
    guard openTab(.person(name)) else { return [] }
    let text = arguments.dropFirst(written.count).trimmingSpaces
    return text.isEmpty ? [] : send(text)
  }

  /// The recipient of `/dm`, and the name as written in the arguments; nil if it is not a valid name.
  func addressee(in arguments: String) -> (name: Nickname, written: String)? {
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

  fileprivate mutating func listPeople() -> [InterfaceCommand] {
    tellPeople()
    return [.client(.who)]
  }

  private mutating func tellPeople() {
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
