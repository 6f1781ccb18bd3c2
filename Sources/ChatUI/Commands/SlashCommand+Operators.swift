import ChatProtocol

extension SlashCommand {
  static let operators: [SlashCommand] = [
    .request(
      "kick", "NAME [REASON]", help: "disconnect a member", completable: [.person]
    ) { interface, words in
      .kick(try words.person(in: interface), reason: try words.reason())
    },
    .request(
      "ban", "WHO [SPAN] [REASON]", help: "ban a name, address, network or key:…", completable: [.person, .span]
    ) { interface, words in
      .ban(try words.subject(in: interface), for: try words.span(), reason: try words.reason())
    },
    .request(
      "unban", "WHO", help: "lift a ban", completable: [.banned]
    ) { interface, words in .unban(try words.subject(in: interface)) },
    .request(
      "mute", "NAME [SPAN] [REASON]", help: "mute a member; SPAN: 30m 12h 7d 2w",
      completable: [.person, .span]
    ) { interface, words in
      .mute(try words.person(in: interface), for: try words.span(), reason: try words.reason())
    },
    .request(
      "unmute", "NAME", help: "lift a mute", completable: [.muted]
    ) { interface, words in .unmute(try words.person(in: interface)) },
    .request("bans", help: "list bans and mutes") { _, _ in .listSanctions },
    .request(
      "slow", "SECONDS", help: "limit messages here to one per SECONDS; 0: off", scope: .room(otherwise: noRoom)
    ) { interface, words in
      guard let room = interface.tabs.current.room else { throw UsageError(noRoom) }
      return .slow(room, seconds: try words.seconds())
    },
    // Deleting a room is final: the room must be named, and is never taken from the current tab.
    .request(
      "delete", "#ROOM [REASON]", help: "delete a room and its messages", completable: [.room]
    ) { _, words in .delete(try words.room(), reason: try words.reason()) },
    .request(
      "op", "NAME", help: "make a member an operator", completable: [.person]
    ) { interface, words in .makeOperator(try words.person(in: interface)) },
    .request(
      "deop", "NAME", help: "remove an operator", completable: [.person]
    ) { interface, words in .unmakeOperator(try words.person(in: interface)) },
    .request("ops", help: "list the operators") { _, _ in .listOperators },
    .request(
      "audit", "[NUMBER]", help: "list the latest operator actions"
    ) { _, words in .listActs(limit: try words.limit()) },
  ]

  /// A command that becomes a request to the server. The answer is shown in the tab that the command was typed in.
  /// - Parameter request: reads the arguments.
  static func request(
    _ name: String, _ parameters: String = "", forms: String? = nil, help: String,
    completable: [CompletableParameter] = [],
    scope: Scope = .anywhere,
    _ request: @escaping @Sendable (Interface, inout CommandWords) throws -> AdminRequest
  ) -> SlashCommand {
    SlashCommand(
      name: name, parameters: parameters, forms: forms, help: help, completable: completable, scope: scope,
      run: { interface, words in
        let request = try request(interface, &words)
        try words.finish()
        return interface.ask(request)
      })
  }
}
