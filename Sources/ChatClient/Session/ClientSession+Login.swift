import ChatModel
import ChatProtocol

extension ClientSession {
  private static let negotiationPatience = Duration.seconds(2)
  /// For a server that has agreed before: a login without capabilities would make this client another person there.
  private static let knownNegotiationPatience = Duration.seconds(10)
  /// A server with key login sends its challenge at once.
  private static let challengePatience = Duration.seconds(5)
  private static let reclaimInterval = Duration.seconds(5)
  private static let noAnswer = "the server did not answer"
  /// The server drops a silent connection after 60 seconds.
  private static let reclaimPatience = Duration.seconds(65)

  mutating func opened(_ pin: Pin?, _ arrival: Arrival?, at moment: Moment) {
    guard case .connecting = state else { return }
    rotation.arrived(arrival)
    guard accepts(pin) else {
      actions.append(.close)
      return distrust(seen: pin, at: arrival?.record.host)
    }
    tellStrangers(arrival?.failures ?? [])
    memory.wasReached = true
    if pin != nil { memory.isPinProved = true }
    var link = Link(
      pin: pin, provesIdentity: identity != nil, wanting: interests.capabilities, at: moment.now)
    guard memory.capabilitySupport.asksCapabilities else { return logIn(on: link, at: moment) }
    link.askCapabilities(at: moment.now, into: &actions)
    state = .negotiating(link, until: moment.now + negotiationPatience)
  }

  private var negotiationPatience: Duration {
    memory.capabilitySupport == .capable || serverState.token != nil
      ? Self.knownNegotiationPatience : Self.negotiationPatience
  }

  /// The server does not answer `CAP`, or does not send a challenge.
  mutating func negotiationTimer(_ link: Link, at moment: Moment) {
    if link.awaitsChallenge { return logIn(on: link, at: moment) }
    // Without capabilities, a server that knows this client would treat it as another one and refuse the name as taken.
    guard memory.capabilitySupport != .capable, serverState.token == nil else {
      return lost(reason: Self.noAnswer, at: moment, closes: true)
    }
    logIn(on: link, at: moment)
  }

  mutating func logIn(on link: Link, at moment: Moment) {
    var request = PendingLogin.LoginRequest.login(token: nil)
    if link.capabilities.contains(.resume), let token = serverState.token {
      // Under another name, or if the old connection may be another terminal's, this is a new connection.
      let isSame = serverState.resumableName.map { $0.text == name.text } ?? false
      request = isSame ? resuming(token: token, on: link) : .login(token: token)
    }
    var credentials = PendingLogin.Credentials(invitation: memory.invitation)
    if let identity, let challenge = link.challenge, let pin = link.pin {
      // A token was issued under this name.
      credentials.proof = identity.proof(of: challenge, to: pin, as: name)
    }
    state = .loggingIn(PendingLogin(name: name, request, credentials, link: link, at: moment.now, into: &actions))
  }

  private func resuming(token: String, on link: Link) -> PendingLogin.LoginRequest {
    guard link.capabilities.contains(.history) else { return .resume(token: token, []) }
    // Rooms that the user has left are not joined again.
    let cursors = serverState.conversations.cursors.filter { cursor in
      guard case .room(let room) = cursor.target else { return true }
      return room == .lobby || (serverState.rooms.contains(room) && link.capabilities.contains(.rooms))
    }
    return .resume(token: token, PendingLogin.fitting(cursors, token: token))
  }

  mutating func negotiated(_ answer: Link.NegotiationAnswer, at moment: Moment) {
    guard case .negotiating(let link, _) = state else { return }
    switch answer {
    case .none: break
    case .asked: state = .negotiating(link, until: moment.now + negotiationPatience)
    case .settled:
      if link.negotiation == .agreed { memory.capabilitySupport = .capable }
      guard !link.awaitsChallenge else {
        state = .negotiating(link, until: moment.now + Self.challengePatience)
        return
      }
      logIn(on: link, at: moment)
    case .disconnectReason(let disconnectReason): lost(disconnectReason, at: moment)
    }
  }

  mutating func answeredLogin(_ answer: PendingLogin.LoginAnswer, at moment: Moment) {
    guard case .loggingIn(let login) = state else { return }
    if login.link.negotiation == .agreed { memory.capabilitySupport = .capable }
    switch answer {
    case .none: break
    case .accepted(let tags): goOnline(login, tags, at: moment)
    case .disconnectReason(let disconnectReason): lost(disconnectReason, at: moment)
    case .refused(let reply): refused(login, reply, at: moment)
    }
  }

  mutating func loginTimer(_ login: PendingLogin, at moment: Moment) {
    if login.wasGreeted, !login.link.isTagged {
      // The server sends lines in its own words.
      goOnline(login, Tags(), at: moment)
      // An error that comes now may be the late answer to `CAP`.
      guard login.link.negotiation != .unanswered, var online = takeOnline() else { return }
      online.assumedLogin = login
      state = .online(online)
    } else if let error = login.earlierError {
      // No other line arrived: the error answered the login, and the server ignored `CAP`.
      refused(login, error, at: moment)
    } else {
      noteUnansweredLogin()
      lost(reason: Self.noAnswer, at: moment, closes: true)
    }
  }

  /// Asks for another name if the server's words in place of `OK` were a refusal, as its first answer shows.
  mutating func checkLogin(at moment: Moment) {
    guard case .online(var online) = state, let reply = online.loginDenial, var login = online.assumedLogin else {
      return
    }
    online.tellAllHeld(&serverState, at: moment, into: &actions)
    let words = reply.words(isTagged: false)
    for outgoing in online.sends.takeUnanswered().messages {
      tell(.sendFailed(outgoing.id, reason: words, failure: .refused(reply.knownCode)))
    }
    abandon(&online)
    let greeting = login.link.greeting.last ?? ""
    let refusal = NameRefusal(ErrorReply(code: greeting), isPlain: true) ?? .invalid
    login.link = online.link
    state = .choosingName(login)
    tell(.nameRefused(login.name, refusal, suggestion: refusal.suggestion(insteadOf: login.name)))
  }

  /// The server may have accepted a login whose answer did not arrive. This client then holds the name itself, without
  /// a token that would show it: until the server, or another host of it, notices the lost connection. An earlier error
  /// has refused the login only if it is about a taken name; any other one may be the late answer to `CAP`.
  mutating func noteUnansweredLogin() {
    guard case .loggingIn(let login) = state else { return }
    let refusal = login.earlierError.flatMap { NameRefusal($0, isPlain: true) }
    if refusal != .taken { heldName = login.name }
  }

  mutating func goOnline(_ login: PendingLogin, _ tags: Tags, at moment: Moment) {
    let accepted = tags["name"].flatMap { Nickname($0) } ?? login.name
    formerName = nil
    rename(to: accepted)
    if memory.capabilitySupport == .plainOnTrial { memory.capabilitySupport = .plain }
    let isKnown = learn(login, tags, as: accepted)
    // The login's round trip is a first measure of lag; the first heartbeat comes later.
    if login.link.isTagged { tell(.lag(moment.now - login.sentAt, wasAsked: false)) }
    let standing = Standing(
      isEncrypted: login.link.pin != nil, pin: login.link.pin, isOwned: tags.isOwned, isOperator: tags.isOperator)
    // From now on the key admits this user; a used invitation code would be refused.
    if standing.isOwned { memory.invitation = nil }
    var link = login.link
    link.tellGreeting(at: moment.now, into: &actions)
    if link.pin == nil, memory.isPlain, !memory.wasPlainTold, let endpoint {
      memory.wasPlainTold = true
      tell(.notice("\(endpoint.summary) does not speak TLS: what is said there is not encrypted."))
    }
    if let host = presentHost { tell(.reached(host)) }
    tell(.online(accepted, capabilities: link.capabilities, standing: standing))
    if !serverState.rooms.names.isEmpty, !login.link.capabilities.contains(.rooms) { tell(.notice(Self.onlyOneRoom)) }
    let resumed = login.resumed
    serverState.rooms.resumed(resumed, at: moment.now)
    serverState.away.connected()
    let asks = login.isResuming && login.link.capabilities.contains(.history)
    serverState.conversations.connected(without: Set(resumed.map(\.target)), asks: asks, at: moment.now)
    state = .online(
      Online(
        name: accepted, link: link, resumed: resumed, isKnown: isKnown, followsPeople: interests.people,
        timing: hasOtherHosts ? .severalHosts : .standard,
        idleTimeout: link.isTagged ? tags.idleTimeout : memory.supposedIdleTimeout, at: moment.now))
  }

  /// Evaluates what the server says about this client's identity.
  /// - Returns: whether the server will recognise this client on a new connection.
  private mutating func learn(_ login: PendingLogin, _ tags: Tags, as accepted: Nickname) -> Bool {
    let hasResume = login.link.capabilities.contains(.resume)
    let isKnownAgain = hasResume && (login.isResuming || (login.bearsToken && tags.isKnownAgain))
    if hasResume, let token = tags.token, serverState.learn(token: token) { tell(.token(token)) }
    if !isKnownAgain {
      // The server treats this client as another person than the one that sent these messages.
      for outgoing in serverState.outbox.removeTransmitted() {
        tell(.sendFailed(outgoing.id, reason: Self.unconfirmed, failure: .unconfirmed))
      }
      serverState.conversations.identityChanged(into: &actions)
    }
    let isKnown = hasResume && serverState.token != nil && (isKnownAgain || tags.token != nil)
    serverState.resumableName = isKnown ? accepted : nil
    return isKnown
  }

  private mutating func refused(_ login: PendingLogin, _ reply: ErrorReply, at moment: Moment) {
    if memory.capabilitySupport == .plainOnTrial { memory.capabilitySupport = .plain }
    if reply.knownCode == .alreadyLoggedIn { return goOnline(login, Tags(), at: moment) }
    if login.isResuming, reply.isAboutResuming {
      if reply.knownCode == .invalidToken { serverState.forgetToken() } else { serverState.resumableName = nil }
      return logIn(on: login.link, at: moment)
    }
    // This happens at most twice, once for the tags and once for the challenge: the next login uses them.
    if login.isOutdated, reply.isAboutIdentity { return logIn(on: login.link, at: moment) }
    let refusal = NameRefusal(reply, isPlain: !login.link.isTagged)
    if refusal == .taken, !login.bearsToken, reclaims(login.name, at: moment.now) {
      state = .reclaiming(login.link, until: moment.now + Self.reclaimInterval)
      return
    }
    let former = formerName.flatMap { $0.text == login.name.text ? nil : $0 }
    if let former, reply.isAboutName { return logIn(as: former, after: login, reply, at: moment) }
    guard let refusal else {
      let isTagged = login.link.isTagged
      let disconnectReason =
        DisconnectReason(reply, isTagged: isTagged)
        ?? DisconnectReason(reason: reply.words(isTagged: isTagged).asReason)
      return lost(disconnectReason, at: moment)
    }
    // The name is not held by this client's own lost connection.
    serverState.resumableName = nil
    rename(to: name)
    var login = login
    login.link.tellGreeting(at: moment.now, into: &actions)
    if reply.knownCode == nil { tell(.serverError(reply.words(isTagged: login.link.isTagged))) }
    state = .choosingName(login)
    // An error in the server's own words may not be about the name: the user decides whether to keep the former one.
    tell(.nameRefused(login.name, refusal, suggestion: former ?? refusal.suggestion(insteadOf: login.name)))
  }

  /// Logs in again under the name that the user had before the refused one.
  private mutating func logIn(
    as former: Nickname, after login: PendingLogin, _ reply: ErrorReply, at moment: Moment
  ) {
    tell(.nameKept(former, refused: login.name, reason: reply.words(isTagged: login.link.isTagged)))
    formerName = nil
    rename(to: former)
    // The server may not have noticed yet that the last connection has ended.
    heldName = former
    logIn(on: login.link, at: moment)
  }

  /// Whether this client's own lost connection may hold the name.
  private mutating func reclaims(_ name: Nickname, at now: MonotonicTime) -> Bool {
    guard heldName == name else { return false }
    if let reclaimsUntil { return now < reclaimsUntil }
    reclaimsUntil = now + Self.reclaimPatience
    tell(.notice("The server still holds your lost connection; logging in as \(name) as soon as it lets go."))
    return true
  }
}

extension ErrorReply {
  /// Whether a login under another name may succeed. False if the server answers in its own words.
  fileprivate var isAboutName: Bool {
    switch knownCode {
    case .usernameTaken, .invalidUsername, .usernameReserved, .usernameConfusable, .banned, .inviteRequired,
      .invalidInvite, .tooManyAccounts:
      true
    default: false
    }
  }

  /// Whether a login that shows who the user is may succeed.
  fileprivate var isAboutIdentity: Bool {
    switch knownCode {
    case .usernameTaken, .usernameReserved, .inviteRequired: true
    default: false
    }
  }

  /// Whether `LOGIN` may succeed although `RESUME` failed.
  fileprivate var isAboutResuming: Bool {
    switch knownCode {
    case .invalidToken, .invalidResume, .unknownCommand, .lineTooLong: true
    default: false
    }
  }
}
