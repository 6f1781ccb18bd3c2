import ChatProtocol
import DequeModule

/// The rules of the chat: who is here, who may say what, who hears it. A value without I/O: what happened goes in, what
/// is to be done comes out, and the clock is a parameter.
public struct Hub: Sendable {
  private let settings: HubSettings
  private var sessions: [SessionID: Session] = [:]
  private var roster = Roster()
  /// Whom to answer when the log has stored what it was given, in that order.
  private var unanswered: Deque<Request> = []

  /// It stands in a tag of every list of people, and tags are short.
  private static let maximumAwayBytes = 256

  /// What an answer refers to.
  struct Request: Sendable {
    var session: SessionID
    var verb: Verb?
    var label: String?
  }

  public init(settings: HubSettings = HubSettings()) { self.settings = settings }

  /// How many connections there are, named or not.
  public var sessionCount: Int { sessions.count }
  /// How many people are here.
  public var peopleCount: Int { roster.count }

  /// - Parameter actions: what is to be done is appended, in order.
  public mutating func apply(_ command: HubCommand, at now: MonotonicTime, into actions: inout [HubAction]) {
    switch command {
    case .opened(let id): open(id, at: now, into: &actions)
    case .received(let id, let line): receive(line, from: id, at: now, into: &actions)
    case .closed(let id, let reason):
      end(id, leaving: reason, closing: .closed, into: &actions)
    case .stalled(let id):
      end(id, leaving: .slow, closing: .slow, into: &actions)
    case .lagging, .caughtUp, .read: break
    case .stored(let outcome): answerStored(outcome, into: &actions)
    case .tick: expire(at: now, into: &actions)
    case .shutdown: shutDown(into: &actions)
    }
  }
}

// MARK: - Coming and going

extension Hub {
  private mutating func open(_ id: SessionID, at now: MonotonicTime, into actions: inout [HubAction]) {
    guard sessions.count < settings.maximumSessions else {
      actions.append(.send(id, .error(ErrorReply(RequestError(.serverFull))), Tags()))
      actions.append(.close(id, .full))
      return
    }
    sessions[id] = Session(phase: .anonymous(since: now))
  }

  /// Forgets the session and tells the others. Does nothing for one that was forgotten already.
  /// - Parameter farewell: the last thing it hears.
  private mutating func end(
    _ id: SessionID, leaving: LeaveReason, closing: CloseReason, farewell: ServerMessage? = nil,
    into actions: inout [HubAction]
  ) {
    guard let session = sessions.removeValue(forKey: id) else { return }
    if let farewell { actions.append(.send(id, farewell, Tags())) }
    if let name = session.presence?.name {
      roster.remove(name)
      actions.append(.loggedOut(id, name, leaving))
      actions.append(.publish(.left(name, leaving), in: .lobby, Tags()))
    }
    actions.append(.close(id, closing))
  }

  private mutating func expire(at now: MonotonicTime, into actions: inout [HubAction]) {
    var expired: [(SessionID, isIdle: Bool)] = []
    for (id, session) in sessions {
      switch session.phase {
      case .anonymous(let since):
        if let timeout = settings.loginTimeout, now - since >= timeout { expired.append((id, false)) }
      case .present(let presence):
        if let timeout = settings.idleTimeout, now - presence.lastHeard >= timeout { expired.append((id, true)) }
      }
    }
    // The dictionary's order is not the same twice, and a replay must be.
    expired.sort { $0.0.number < $1.0.number }
    for (id, isIdle) in expired {
      if isIdle {
        let bye = ServerMessage.bye(.idle, text: ByeReason.idle.explanation)
        end(id, leaving: .idle, closing: .idle, farewell: bye, into: &actions)
      } else {
        let error = ServerMessage.error(ErrorReply(RequestError(.loginTimeout)))
        end(id, leaving: .idle, closing: .loginTimeout, farewell: error, into: &actions)
      }
    }
  }

  private mutating func shutDown(into actions: inout [HubAction]) {
    let bye = ServerMessage.bye(.shutdown, text: ByeReason.shutdown.explanation)
    for id in sessions.keys.sorted(by: { $0.number < $1.number }) {
      actions.append(.send(id, bye, Tags()))
      actions.append(.close(id, .shutdown))
    }
    sessions.removeAll()
    roster = Roster()
  }
}

// MARK: - Requests

extension Hub {
  private mutating func receive(
    _ result: Result<Line, LineFault>, from id: SessionID, at now: MonotonicTime, into actions: inout [HubAction]
  ) {
    // Looked up once, since this is done for every line.
    guard let place = sessions.index(forKey: id) else { return }
    sessions.values[place].hear(at: now)
    let session = sessions.values[place]
    let line: Line
    switch result {
    case .success(let read): line = read
    case .failure(let fault): return refuse(RequestError(fault), Request(session: id), into: &actions)
    }
    var request = Request(session: id, verb: nil, label: line.tags.label)
    do {
      guard let message = try ClientMessage(reading: line, in: session.capabilities) else { return }
      request.verb = message.verb
      try obey(message, request, session, at: now, into: &actions)
    } catch {
      request.verb = error.verb ?? request.verb
      refuse(excuse(error, session), request, into: &actions)
    }
  }

  /// What is wrong with a line matters less than that its sender may not say it, or not say it again.
  private func excuse(_ error: RequestError, _ session: Session) -> RequestError {
    switch (error.verb, session.phase) {
    case (.login, .present): RequestError(.alreadyLoggedIn, .login)
    case (.login, .anonymous), (.capabilities, _): error
    case (_, .anonymous): error.code == .controlCharacter ? error : RequestError(.notLoggedIn, error.verb)
    case (_, .present): error
    }
  }

  private mutating func obey(
    _ message: ClientMessage, _ request: Request, _ session: Session, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    switch message {
    case .login(let name): return try logIn(name, request, session, at: now, into: &actions)
    case .listCapabilities:
      return answer(.capabilities(.list, Capabilities.all.names), request, into: &actions)
    case .requestCapabilities(let names): return agree(names, request, session, into: &actions)
    default: break
    }
    guard let presence = session.presence else { throw RequestError(.notLoggedIn, request.verb) }
    switch message {
    case .message(let text):
      unanswered.append(request)
      actions.append(.store(NewMessage(conversation: .lobby, author: presence.name, member: request.session.member, text: text)))
    case .direct(let name, let text):
      guard let target = roster[name] else { throw RequestError(.userNotFound, request.verb) }
      unanswered.append(request)
      let conversation = Conversation.pair(Conversation.Pair(request.session.member, target.session.member))
      actions.append(.store(NewMessage(
        conversation: conversation, author: presence.name, member: request.session.member, reader: target.name, text: text)))
    case .who: listPeople(request, session, into: &actions)
    case .ping: answer(.pong, request, into: &actions)
    case .quit: end(request.session, leaving: .quit, closing: .quit, into: &actions)
    case .away(let text):
      // A plain client cannot see that anybody is away: the word does not exist for it.
      guard !session.capabilities.isEmpty else { throw RequestError(.unknownCommand) }
      guard (text?.utf8.count ?? 0) <= Self.maximumAwayBytes else { throw RequestError(.awayTooLong, request.verb) }
      setAway(text, request, presence, into: &actions)
    case .login, .listCapabilities, .requestCapabilities: break
    default: throw RequestError(.unknownCommand)
    }
  }

  private mutating func logIn(
    _ name: Nickname, _ request: Request, _ session: Session, at now: MonotonicTime, into actions: inout [HubAction]
  ) throws(RequestError) {
    guard session.presence == nil else { throw RequestError(.alreadyLoggedIn, .login) }
    guard roster.insert(name, session: request.session) else { throw RequestError(.usernameTaken, .login) }
    sessions[request.session]?.phase = .present(Session.Presence(name: name, lastHeard: now))
    actions.append(.publish(.joined(name), in: .lobby, Tags()))
    answer(.ok(.login), request, into: &actions)
    actions.append(.enter(request.session, .lobby))
    actions.append(.loggedIn(request.session, name))
    guard session.capabilities.contains(.tags) else { return }
    for line in settings.messageOfTheDay {
      actions.append(.send(request.session, .messageOfTheDay(line), Tags()))
    }
  }

  private mutating func agree(
    _ names: [String], _ request: Request, _ session: Session, into actions: inout [HubAction]
  ) {
    var wanted = session.capabilities
    for name in names {
      guard let capability = Capabilities(named: name) else {
        return answer(.capabilities(.refused, names), request, into: &actions)
      }
      wanted.insert(capability)
    }
    sessions[request.session]?.capabilities = wanted
    answer(.capabilities(.acknowledged, names), request, into: &actions)
    actions.append(.agree(request.session, wanted))
  }

  private mutating func listPeople(_ request: Request, _ session: Session, into actions: inout [HubAction]) {
    let batch = String(session.batches)
    sessions[request.session]?.batches &+= 1
    answer(.batchStart(reference: batch, kind: "who"), request, into: &actions)
    for entry in roster.entries {
      var tags = Tags()
      if session.capabilities.contains(.tags) {
        tags.batch = batch
        tags.away = sessions[entry.session]?.presence?.away
      }
      actions.append(.send(request.session, .user(entry.name), tags))
    }
    actions.append(.send(request.session, .batchEnd(reference: batch), Tags()))
  }

  private mutating func setAway(
    _ text: String?, _ request: Request, _ presence: Session.Presence, into actions: inout [HubAction]
  ) {
    answer(.ok(.away), request, into: &actions)
    guard text != presence.away else { return }
    var presence = presence
    presence.away = text
    sessions[request.session]?.phase = .present(presence)
    actions.append(.publish(text.map { .away(presence.name, text: $0) } ?? .back(presence.name), in: .lobby, Tags()))
  }
}

// MARK: - Answers

extension Hub {
  private mutating func answerStored(
    _ outcome: Result<StoreOutcome, HubCommand.StorageFailure>, into actions: inout [HubAction]
  ) {
    guard let request = unanswered.popFirst() else { return }
    switch outcome {
    case .success(.conflict): refuse(RequestError(.keyConflict, request.verb), request, into: &actions)
    case .success(.stored(let message)), .success(.duplicate(let message)):
      deliver(message, into: &actions)
      // To a plain session its own message is the answer.
      guard let session = sessions[request.session], session.capabilities.contains(.tags) else { return }
      answer(.ok(request.verb), request, at: message.time, into: &actions)
    case .failure:
      guard sessions[request.session] != nil else { return }
      refuse(RequestError(.storageUnavailable, request.verb), request, into: &actions)
    }
  }

  private func deliver(_ message: StoredMessage, into actions: inout [HubAction]) {
    switch message.conversation {
    case .room:
      actions.append(.post(message))
    case .pair:
      guard let reader = message.reader.flatMap({ roster[$0] }) else { return }
      var tags = Tags()
      tags.time = message.time
      actions.append(.send(reader.session, .direct(from: message.author, text: message.text), tags))
    }
  }

  private func answer(
    _ message: ServerMessage, _ request: Request, at time: Timestamp? = nil, into actions: inout [HubAction]
  ) {
    var tags = Tags()
    tags.label = request.label
    if let time { tags.time = time }
    actions.append(.send(request.session, message, tags))
  }

  private func refuse(_ error: RequestError, _ request: Request, into actions: inout [HubAction]) {
    answer(.error(ErrorReply(RequestError(error.code, error.verb ?? request.verb))), request, into: &actions)
  }
}

extension ClientMessage {
  fileprivate var verb: Verb {
    switch self {
    case .login: .login
    case .message: .message
    case .direct: .direct
    case .who: .who
    case .ping: .ping
    case .quit: .quit
    case .away: .away
    case .listCapabilities, .requestCapabilities: .capabilities
    case .join: .join
    case .part: .part
    case .rooms: .rooms
    case .topic: .topic
    case .say: .say
    case .history: .history
    case .search: .search
    case .resume: .resume
    case .mark: .mark
    }
  }
}
