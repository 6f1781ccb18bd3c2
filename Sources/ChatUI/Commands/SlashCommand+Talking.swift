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
      name: "who", aliases: ["names", "n", "w"], parameters: "[#ROOM]",
      help: "list the people here, or in a room you are in",
      completable: [.room], run: { try $0.listPeople(&$1) }),
    SlashCommand(
      name: "whois", aliases: ["wi"], parameters: "NAME", help: "tell what is known about a person",
      completable: [.person], run: { try $0.describePerson(&$1) }),
    SlashCommand(
      name: "away", parameters: "[TEXT]", help: "mark yourself as away",
      run: {
        $0.noteDeferred("you are marked as away")
        return [.client(.away($1.takeRest().replacing("\n", with: " ")))]
      }),
    SlashCommand(
      name: "back", help: "mark yourself as back",
      run: { interface, _ in
        interface.noteDeferred("you are marked as back")
        return [.client(.away(nil))]
      }),
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
    let bare = arguments.withoutPersonSign
    // On other servers names may contain spaces.
    if let spaced = rosters.lobby.spaced(at: String(bare)) {
      let sign = bare.utf8.count < arguments.utf8.count ? "@" : ""
      return (spaced.name, sign + spaced.written)
    }
    let word = String(arguments.prefix { !$0.isWhitespace })
    return person(named: word).map { ($0, word) }
  }

  /// The user with this name, in the spelling of its owner. One leading `@` is not part of the name.
  func person(named word: String) -> Nickname? {
    Nickname(word.withoutPersonSign).map { rosters.lobby[$0]?.name ?? $0 }
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

  fileprivate mutating func listPeople(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    let room: RoomName? = words.isAtEnd ? nil : try words.room()
    try words.finish()
    if let room, connection.isOnline, room != .lobby, rosters[room].count == 0 {
      throw UsageError("you are not in \(room), so its people are not known here")
    }
    tellPeople(in: room)
    return [.client(.who)]
  }

  /// - Parameter room: nil for the members of the current tab.
  private mutating func tellPeople(in room: RoomName?) {
    guard connection.isOnline else { return tell(.notice("not connected")) }
    let roster = room.map { rosters[$0] } ?? roster
    let names = roster.people.prefix(200).map { $0.away == nil ? $0.shownName : "\($0.shownName) (away)" }
    let rest = roster.count > names.count ? " and \(roster.count - names.count) more" : ""
    let list = "\(names.joined(separator: ", "))\(rest)"
    guard rosters.isLobbyKnown || (room ?? tabs.current.room ?? .lobby) != .lobby else {
      // The server answers with its list.
      if roster.count > 0 { tell(.notice("heard from: \(list)")) }
      return
    }
    guard roster.count > 0 else { return tell(.notice("nobody is here")) }
    let place = room.map { "in \($0)" } ?? "here"
    tell(.notice("\(roster.count) \(place): \(list)"))
  }
}
