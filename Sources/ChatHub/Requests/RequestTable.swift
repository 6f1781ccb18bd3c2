import ChatProtocol

// The table of requests. Word, capability and syntax of a verb are in `Verb` and `VerbSyntax`.

extension Verb {
  /// The cost of a line with this verb, readable or not, in tenths of a line that reaches other members. A failed login
  /// may be a guess at a name, and a search may read the whole log.
  var cost: Int {
    switch self {
    case .message, .direct, .say, .topic, .away, .join, .part, .create, .invite, .uninvite, .redact: 10
    case .login, .resume, .search: 10
    case .who, .ping, .quit, .capabilities, .rooms, .history, .mark: 1
    case .key, .admit, .kick, .ban, .unban, .bans, .mute, .unmute, .slow, .delete, .makeOperator, .unmakeOperator,
      .operators, .audit:
      1
    }
  }
}

extension Verb {
  /// Whether the rows of the verb have a list. Apart from the table, because every message is asked, and a row is large.
  var asksForList: Bool {
    switch self {
    case .who, .rooms, .history: true
    default: false
    }
  }
}

extension ClientMessage {
  var handling: RequestHandling {
    switch self {
    // Messages.
    case .message(let text): RequestHandling(send: text, to: .lobby)
    case .direct(let name, let text): RequestHandling(send: text, to: .person(name))
    case .say(let target, let text): RequestHandling(send: text, to: target)
    case .topic(let room, let text): RequestHandling(send: text ?? "", to: .room(room), .topic)

    // Connection and login.
    case .login(let name):
      RequestHandling(.anyone, stake: .login(name)) { hub, turn throws(RequestError) in try hub.logIn(name, &turn) }
    case .resume(let token, let cursors):
      RequestHandling(.anyone, stake: .resumption(token: token, cursors)) { hub, turn throws(RequestError) in
        try hub.resume(token, cursors, &turn)
      }
    case .listCapabilities: RequestHandling(.anyone, question: true) { hub, turn in hub.listCapabilities(&turn) }
    case .requestCapabilities(let names): RequestHandling(.anyone) { hub, turn in hub.agree(names, &turn) }
    case .ping: RequestHandling(.membersAndControl, question: true) { _, turn in turn.reply(.pong) }
    case .quit:
      RequestHandling(.membersAndControl, waits: .allReads) { hub, turn in
        hub.end(turn.caller.session, leaving: .quit, closing: .quit, &turn)
      }

    // People and rooms.
    case .who(let room):
      RequestHandling(.members, question: true, list: .people(room)) { hub, turn throws(RequestError) in
        try hub.listPeople(in: room, &turn)
      }
    case .away(let text):
      RequestHandling(.members) { hub, turn throws(RequestError) in try hub.setAway(text, &turn) }
    case .join(let room, let cursor):
      RequestHandling(.members, waits: cursor == nil ? [] : .freeRead, stake: .room(room)) {
        hub, turn throws(RequestError) in try hub.join(room, cursor, &turn)
      }
    case .part(let room): RequestHandling(.members) { hub, turn throws(RequestError) in try hub.part(room, &turn) }
    case .rooms: RequestHandling(.members, question: true, list: .rooms) { hub, turn in hub.listRooms(&turn) }

    // History.
    case .history(let target, let range, let limit):
      // The marks of rooms become known with the pairs: a client that has a page may report it as read.
      RequestHandling(
        .members, question: true, list: .messages(limit), waits: [.freeRead, .pairs]
      ) { hub, turn throws(RequestError) in try hub.readHistory(target, range, limit: limit, &turn) }
    case .search(let target, let limit, let text):
      RequestHandling(.members, question: true, waits: [.freeRead, .pairs(of: target)]) {
        hub, turn throws(RequestError) in try hub.search(target, limit: limit, text, &turn)
      }
    case .mark(let target, let sequence):
      RequestHandling(.members, waits: .pairs(of: target)) { hub, turn throws(RequestError) in
        try hub.mark(target, sequence, &turn)
      }

    case .admin(let request): request.handling
    }
  }
}

extension AdminRequest {
  fileprivate var handling: RequestHandling {
    switch self {
    // Keys.
    case .listKeys: .question { hub, turn throws(RequestError) in try hub.listKeys(&turn) }
    case .addKey(let request, let label):
      .change { hub, turn throws(RequestError) in
        try hub.registry.addKey(request, label: label, on: hub.settings.pin, turn)
      }
    case .removeKey(let key): .change { hub, turn throws(RequestError) in try hub.registry.removeKey(key, turn.caller) }

    // Private rooms and invitations.
    case .create(let room): .registry { hub, turn throws(RequestError) in try hub.create(room, &turn) }
    case .invite(let room, let name):
      .registry { hub, turn throws(RequestError) in try hub.invite(name, to: room, &turn) }
    case .uninvite(let room, let name):
      .change { hub, turn throws(RequestError) in try hub.registry.uninvite(name, from: room, turn.caller) }
    case .admit(let uses, let span):
      .registry { hub, turn throws(RequestError) in try hub.addInvitation(uses: uses, for: span, &turn) }

    // Operators.
    case .makeOperator(let name):
      .change { hub, turn throws(RequestError) in try hub.registry.makeOperator(name, turn.caller) }
    case .unmakeOperator(let name):
      .change { hub, turn throws(RequestError) in try hub.registry.unmakeOperator(name, turn.caller) }
    case .listOperators: .question { hub, turn in hub.listOperators(&turn) }
    case .listActs(let limit):
      .question(waits: .freeRead) { hub, turn throws(RequestError) in try hub.listActs(limit: limit, &turn) }

    // Moderation.
    case .kick(let name, let reason):
      .change { hub, turn throws(RequestError) in try hub.kick(name, reason: reason, turn.caller) }
    case .ban(let subject, let span, let reason):
      .change { hub, turn throws(RequestError) in try hub.ban(subject, for: span, reason: reason, turn) }
    case .unban(let subject): .change { hub, turn throws(RequestError) in try hub.pardon(.ban, subject, turn) }
    case .mute(let name, let span, let reason):
      .change { hub, turn throws(RequestError) in try hub.mute(name, for: span, reason: reason, turn) }
    case .unmute(let name): .change { hub, turn throws(RequestError) in try hub.pardon(.mute, .name(name), turn) }
    case .listSanctions: .question { hub, turn throws(RequestError) in try hub.listSanctions(&turn) }
    case .slow(let room, let seconds):
      .change { hub, turn throws(RequestError) in try hub.slow(room, seconds: seconds, turn.caller) }
    case .redact(let target, let sequence, let reason):
      RequestHandling(.membersAndControl, waits: [.freeRedaction, .pairs(of: target)]) {
        hub, turn throws(RequestError) in try hub.redact(target, sequence: sequence, reason: reason, &turn)
      }
    case .delete(let room, let reason):
      .registry { hub, turn throws(RequestError) in try hub.delete(room, reason: reason, &turn) }
    }
  }
}

extension RequestHandling {
  /// A request for a list.
  fileprivate static func question(waits logWait: LogWait = [], _ run: @escaping Run) -> RequestHandling {
    RequestHandling(.membersAndControl, question: true, waits: logWait, run)
  }

  /// A change that is stored in the registry.
  fileprivate static func change(_ decide: @escaping Decide) -> RequestHandling {
    RequestHandling(.membersAndControl, stake: .registry, decide: decide)
  }

  /// The same for a handler that changes more than the registry.
  fileprivate static func registry(_ run: @escaping Run) -> RequestHandling {
    RequestHandling(.membersAndControl, stake: .registry, run)
  }
}
