import ChatProtocol

extension SlashCommand {
  static let rooms = [
    SlashCommand(
      name: "join", aliases: ["j"], parameters: "[#ROOM]", help: "join a room, or create it", completable: [.room],
      run: { try $0.join(&$1) }),
    SlashCommand(
      name: "part", aliases: ["leave"], parameters: "[#ROOM]", help: "leave a room, and close its tab",
      completable: [.room], run: { try $0.part(&$1) }),
    SlashCommand(
      name: "rooms", aliases: ["list"], help: "list the rooms",
      scope: .online(otherwise: "not connected: the rooms cannot be listed"),
      run: { interface, _ in interface.askForRooms() }),
    SlashCommand(
      name: "topic", aliases: ["t"], parameters: "[TEXT]", help: "show or set the topic; - removes it",
      scope: .room(otherwise: "only rooms have a topic"), run: { $0.topic(&$1) }),
    .request("create", "#ROOM", help: "create a room for invited people") { _, words in
      .create(try words.room())
    },
    .request(
      "invite", "NAME [#ROOM]", help: "invite a person to such a room", completable: [.person, .room]
    ) { interface, words in
      let name = try words.person(in: interface)
      return .invite(try words.privateRoom(in: interface), name)
    },
    .request(
      "uninvite", "NAME [#ROOM]", help: "withdraw an invitation", completable: [.person, .room]
    ) { interface, words in
      let name = try words.person(in: interface)
      return .uninvite(try words.privateRoom(in: interface), name)
    },
  ]

  static let noRoom = "this tab is no room; go to the one that is meant"
}

extension CommandWords {
  /// Reads the name of a room that can be closed to others; the current one if nothing is left.
  fileprivate mutating func privateRoom(in interface: Interface) throws(UsageError) -> RoomName {
    let room = isAtEnd ? interface.tabs.current.room : try room()
    guard let room else { throw UsageError(SlashCommand.noRoom) }
    guard room != .lobby else { throw UsageError("everybody is in the lobby, always") }
    return room
  }
}

extension Interface {
  fileprivate mutating func join(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    let named = words.isAtEnd ? tabs.current.room : try words.room()
    try words.finish()
    guard let room = named else { throw UsageError("this tab is no room: name one, as in /join #ROOM") }
    return join(room)
  }

  fileprivate mutating func part(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    let named = words.isAtEnd ? tabs.current.room : try words.room()
    try words.finish()
    guard let room = named else { throw UsageError("this is no room; /close closes the tab") }
    guard room != .lobby else {
      tell(.notice("nobody leaves the lobby; /quit leaves the chat"))
      return []
    }
    guard let index = tabs.index(of: .room(room)) else { return [.client(.part(room))] }
    return close(index)
  }

  fileprivate mutating func askForRooms() -> [InterfaceCommand] {
    rooms.beginListing()
    hint = "asking for the rooms…"
    return [.client(.listRooms)]
  }

  fileprivate mutating func topic(_ words: inout CommandWords) -> [InterfaceCommand] {
    guard let room = tabs.current.room else { return [] }
    let text = words.takeRest().replacing("\n", with: " ")
    guard !text.isEmpty else {
      tell(.notice(rooms.topic(of: room).map { "the topic of \(room): \($0)" } ?? "\(room) has no topic"))
      return []
    }
    return [.client(.setTopic(room, text == "-" ? nil : text))]
  }
}
