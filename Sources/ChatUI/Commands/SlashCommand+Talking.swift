import ChatProtocol

extension SlashCommand {
  static let talking = [
    SlashCommand(
      name: "dm", aliases: ["msg", "m", "query", "q"], parameters: "NAME [TEXT]",
      help: "write to one person, in a tab of their own",
      completable: [.person], sends: .directMessages, run: { try $0.writeDirectly(&$1) }),
    SlashCommand(
      name: "me", parameters: "TEXT", help: "describe an action: * neha waves", sends: .messages,
      run: { $0.send("/me \(try $1.requiredRest())") }),
    SlashCommand(
      name: "say", parameters: "TEXT", help: "send a text as it is", sends: .messages,
      run: { $0.send(try $1.requiredRest()) }),
    SlashCommand(
      name: "search", aliases: ["lastlog", "grep"], parameters: "WORDS",
      help: "search; from:NAME in:#ROOM on:DAY (of UTC)",
      run: { try $0.search(&$1) }),
    SlashCommand(
      name: "remove", parameters: "[REASON]", help: "remove your message; operators: any message",
      scope: .online(otherwise: "not connected: nothing can be removed"),
      run: { try $0.beginRedaction(reason: $1.reason()) }),
    SlashCommand(
      name: "who", aliases: ["names", "n", "w"], help: "list the people here",
      run: { interface, _ in interface.listPeople() }),
    SlashCommand(
      name: "whois", aliases: ["wi"], parameters: "NAME", help: "tell what is known about a person",
      completable: [.person], run: { try $0.describePerson(&$1) }),
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

  fileprivate mutating func describePerson(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    let name = try words.onlyPerson(in: self)
    guard connection.isOnline else {
      tell(.notice("not connected"))
      return []
    }
    guard let person = rosters.lobby[name] else {
      let rest = rosters.isLobbyKnown ? "is not here" : "was not heard from since the connection began"
      tell(.notice("\(rosters.guests.shown(name)) \(rest)"))
      return []
    }
    var parts = [person.away == nil ? "\(person.shownName) is here" : person.awayText]
    if person.isGuest { parts.append("a guest: nobody owns the name") }
    let rooms = tabs.tabs.compactMap(\.room).filter { $0 != .lobby && rosters[$0][name] != nil }.prefix(20)
    if !rooms.isEmpty { parts.append("also in \(rooms.map(\.text).joined(separator: ", "))") }
    if ignored.contains(name) { parts.append("ignored by you") }
    tell(.notice(parts.joined(separator: "; ")))
    return []
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
