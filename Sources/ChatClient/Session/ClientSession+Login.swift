import ChatProtocol

/// `LOGIN` was sent.
struct Login: Sendable {
  private static let patience = Duration.seconds(15)
  /// How long a server may take to say `OK` after it said something else. Some never do.
  private static let patienceAfterGreeting = Duration.seconds(3)

  enum Answer: Sendable {
    case none
    case accepted
    case refused(ErrorReply)
    case farewell(Farewell)
  }

  let name: Nickname
  var link: Link
  private let label: String?
  let sentAt: MonotonicTime
  /// Something came that was no answer.
  private(set) var wasGreeted = false

  init(name: Nickname, link: Link, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    self.name = name
    self.link = link
    sentAt = now
    label = self.link.transmit(.login(name), into: &actions)
  }

  var deadline: MonotonicTime {
    sentAt + (wasGreeted && !link.isTagged ? Self.patienceAfterGreeting : Self.patience)
  }

  mutating func read(
    _ line: Result<Line, LineFault>, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> Answer {
    if case .success(let line) = line {
      switch ServerMessage(reading: line, in: link.dialect) {
      case .ok where label == nil || line.tags.label == label || line.tags.label == nil: return .accepted
      case .error(let reply):
        if link.negotiation == .unanswered, reply.knownCode == .unknownCommand || reply.knownCode == .notLoggedIn {
          // It answers CAP, so late that LOGIN was sent already.
          link.negotiation = .refused
          return .none
        }
        guard label == nil || line.tags.label == label || reply.verb == .login else { break }
        return .refused(reply)
      case .capabilities(.acknowledged, let names):
        if link.negotiation == .unanswered { _ = link.agree(on: names, into: &actions) }
        return .none
      default: break
      }
    }
    wasGreeted = true
    return link.readBesides(line, at: moment, into: &actions).map { .farewell($0) } ?? .none
  }
}

extension Link {
  enum NegotiationAnswer: Sendable { case none, settled, farewell(Farewell) }

  /// Reads what may be the answer to `CAP REQ`.
  mutating func readNegotiation(
    _ line: Result<Line, LineFault>, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> NegotiationAnswer {
    if case .success(let line) = line {
      switch ServerMessage(reading: line, in: dialect) {
      case .capabilities(.acknowledged, let names):
        _ = agree(on: names, into: &actions)
        return .settled
      case .capabilities(.refused, _):
        negotiation = .refused
        return .settled
      case .error(let reply) where reply.knownCode != .serverFull && reply.knownCode != .loginTimeout:
        negotiation = .refused
        return .settled
      default: break
      }
    }
    return readBesides(line, at: moment, into: &actions).map { .farewell($0) } ?? .none
  }

  /// Reads what a server says to somebody whom it has not let in, and what answers nothing.
  /// - Returns: why it is about to hang up, where it says so.
  mutating func readBesides(
    _ line: Result<Line, LineFault>, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> Farewell? {
    guard case .success(let line) = line else { return nil }
    switch ServerMessage(reading: line, in: dialect) {
    case .bye(let reason, _): return Farewell(reason)
    case .info(.other(let text)):
      if let reason = ByeReason(rawValue: text) { return Farewell(reason) }
      tell(words: text, at: moment.now, into: &actions)
    case .error(let reply):
      if reply.knownCode == .serverFull { return Farewell(reason: "the server is full") }
      if reply.knownCode == .loginTimeout { return Farewell(reason: "the server waited too long for a name") }
      tell(words: reply.words, at: moment.now, into: &actions)
    case .message(let author, let text):
      // Some servers let anybody listen.
      let text = DisplayText.sanitize(text)
      let post = Post(
        conversation: .lobby, author: author, text: text, time: line.tags.time ?? moment.wall, isOwn: false)
      actions.append(.tell(.message(post)))
    case .messageOfTheDay(let text): actions.append(.tell(.messageOfTheDay(DisplayText.sanitize(text))))
    case .unrecognised(let text): tell(words: text, at: moment.now, into: &actions)
    default: break
    }
    return nil
  }
}

extension ClientSession {
  private static let negotiationPatience = Duration.seconds(2)
  private static let reclaimInterval = Duration.seconds(5)
  /// The server drops a silent connection after 60 seconds.
  private static let reclaimPatience = Duration.seconds(65)

  mutating func opened(at moment: Moment) {
    guard case .connecting = state else { return }
    memory.wasReached = true
    var link = Link(at: moment.now)
    guard memory.speech.asksCapabilities else { return logIn(on: link, at: moment) }
    link.negotiation = .unanswered
    link.transmit(.requestCapabilities(Capabilities.all.names), into: &actions)
    state = .negotiating(link, until: moment.now + Self.negotiationPatience)
  }

  mutating func logIn(on link: Link, at moment: Moment) {
    state = .loggingIn(Login(name: name, link: link, at: moment.now, into: &actions))
  }

  mutating func negotiated(_ answer: Link.NegotiationAnswer, at moment: Moment) {
    guard case .negotiating(let link, _) = state else { return }
    switch answer {
    case .none: break
    case .settled:
      if link.negotiation == .agreed { memory.speech = .capable }
      logIn(on: link, at: moment)
    case .farewell(let farewell): lost(reason: farewell.reason, at: moment, closes: true)
    }
  }

  mutating func answeredLogin(_ answer: Login.Answer, at moment: Moment) {
    guard case .loggingIn(let login) = state else { return }
    if login.link.negotiation == .agreed { memory.speech = .capable }
    switch answer {
    case .none: break
    case .accepted: goOnline(login, at: moment)
    case .farewell(let farewell): lost(reason: farewell.reason, at: moment, closes: true)
    case .refused(let reply): refused(login, reply, at: moment)
    }
  }

  mutating func loginTimer(_ login: Login, at moment: Moment) {
    if login.wasGreeted, !login.link.isTagged {
      // It talks to us, in words of its own.
      goOnline(login, at: moment)
    } else {
      lost(reason: "the server did not answer", at: moment, closes: true)
    }
  }

  private mutating func goOnline(_ login: Login, at moment: Moment) {
    rename(to: name)
    if memory.speech == .plainOnTrial { memory.speech = .plain }
    // The answer to the name took as long as that to any request; the heartbeat's first is a while off.
    if login.link.isTagged { tell(.lag(moment.now - login.sentAt, wasAsked: false)) }
    tell(.online(login.name, dialect: login.link.dialect))
    state = .online(Online(name: login.name, link: login.link, at: moment.now))
  }

  private mutating func refused(_ login: Login, _ reply: ErrorReply, at moment: Moment) {
    if memory.speech == .plainOnTrial { memory.speech = .plain }
    if reply.knownCode == .alreadyLoggedIn { return goOnline(login, at: moment) }
    guard let refusal = NameRefusal(reply, isPlain: !login.link.isTagged) else {
      return lost(reason: reply.words.asReason, at: moment, closes: true)
    }
    if refusal == .taken, reclaims(login.name, at: moment.now) {
      state = .reclaiming(login.link, until: moment.now + Self.reclaimInterval)
      return
    }
    rename(to: name)
    if reply.knownCode == nil { tell(.serverError(reply.words)) }
    state = .choosingName(login.link)
    tell(.nameRefused(login.name, refusal, suggestion: refusal == .taken ? login.name.next : login.name.simplified))
  }

  /// Whether it may be our own lost connection that holds the name.
  private mutating func reclaims(_ name: Nickname, at now: MonotonicTime) -> Bool {
    guard heldName == name else { return false }
    if let reclaimsUntil { return now < reclaimsUntil }
    reclaimsUntil = now + Self.reclaimPatience
    tell(.notice("The server still holds your lost connection; logging in as \(name) as soon as it lets go."))
    return true
  }
}

extension String {
  /// A sentence as the reason in another one.
  fileprivate var asReason: String { last == "." ? String(dropLast()) : self }
}
