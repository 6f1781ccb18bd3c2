import ChatModel
import ChatProtocol

extension ClientSession {
  /// After this time online, the delays start again from the first.
  private static let steadyAfter = Duration.seconds(30)

  mutating func open() {
    guard let endpoint else {
      state = .idle
      return
    }
    state = .connecting
    tell(.connecting(endpoint, attempt: backoff.failures + 1))
    actions.append(.open(rotation.plan(for: endpoint, using: &random), memory.security))
  }

  /// No address of the server could be connected.
  mutating func failed(_ last: ConnectionFailure, after earlier: [ConnectionFailure], at moment: Moment) {
    guard case .connecting = state else { return }
    let failures = earlier + [last]
    let failure = ConnectionFailure.decisive(
      last, after: earlier, isPinned: memory.pin != nil, excluded: rotation.tried)
    for failure in failures { rotation.note(failure) }
    let host = failure.record?.host
    if !failure.isOfAnotherServer { tellStrangers(failures) }
    switch failure.kind {
    case .plain(let said): return answeredInPlain(said, by: host, at: moment)
    case .untrusted(let pin): return distrust(seen: pin, at: host)
    default: break
    }
    let isFirst = !memory.wasReached && backoff.failures == 0
    if memory.capabilitySupport == .plainOnTrial { memory.capabilitySupport = .unknown }
    let lastReason = failure.kind == .nothingLeft ? rotation.lastReason : nil
    let others = rotation.others(than: host ?? rotation.current?.host)
    let note = others > 0 && endpoint?.hasSeveralHosts == true ? " (\(others.counted("other host")) tried)" : ""
    // Hosting is offered for an address of this machine, not for a server with several hosts.
    let isRefused = failure.kind == .refused && endpoint?.hasSeveralHosts == false
    retryLater(reason: (lastReason ?? failure.reason) + note, isRefused: isRefused, isFirst: isFirst, at: moment)
  }

  /// Whether the server can be reached at another host, or another address of the host.
  var hasOtherHosts: Bool { endpoint?.hasSeveralHosts == true || rotation.knowsOthers }

  /// The host of the present or last connection, if the server has several.
  var presentHost: HostPort? { endpoint?.hasSeveralHosts == true ? rotation.current?.host : nil }

  mutating func closed(reason: String?, at moment: Moment) {
    if case .leaving(let leaving) = state { return left(leaving, at: moment) }
    noteUnansweredLogin()
    lost(reason: reason, at: moment, closes: false)
  }

  /// The server is about to disconnect or counts as dead.
  mutating func lost(_ disconnectReason: DisconnectReason, at moment: Moment) {
    // Another terminal took the session over; to resume it would start an endless exchange.
    if disconnectReason.isTakenOver { serverState.resumableName = nil }
    if disconnectReason.isIdle, case .online(let online) = state, !online.link.isTagged {
      // The server does not announce its idle timeout, which is shorter than assumed.
      memory.supposedIdleTimeout = max((memory.supposedIdleTimeout ?? .seconds(60)) / 2, .seconds(2))
    }
    let next: NextAttempt =
      disconnectReason.isFinal
      ? .none(mayReturn: disconnectReason.mayReturn)
      : disconnectReason.isTakenOver ? .later : .elsewhere(isRefusal: disconnectReason.isRefusal)
    lost(reason: disconnectReason.reason, at: moment, closes: true, next)
  }

  /// Pending requests wait for the next connection where possible; the others end.
  mutating func abandon(_ online: inout Online) {
    if online.isKnown {
      let (messages, events) = online.sends.takeUnanswered()
      for event in events { tell(event) }
      serverState.outbox.putBack(messages)
    } else {
      for event in online.sends.removeAll(reason: Self.unconfirmed) { tell(event) }
    }
    for request in online.requests.takeAll() { request.abandoned(on: &online, &serverState, into: &actions) }
    serverState.endSearch(into: &actions)
    serverState.disconnected()
  }

  /// The connection is lost, or given up.
  /// - Parameters:
  ///   - reason: nil if the server closed the connection without a reason.
  ///   - closes: whether this client gives up the connection.
  mutating func lost(
    reason: String?, at moment: Moment, closes: Bool, _ next: NextAttempt = .elsewhere(isRefusal: false)
  ) {
    let reason = reason ?? "the server closed the connection"
    let link: Link
    var hasLasted = false
    switch state {
    case .idle, .connecting, .choosingName(nil), .leaving, .waiting, .ended: return
    case .choosingName:
      // The connection is not needed before the name is chosen.
      if closes { actions.append(.close) }
      memory.isPlain = false
      state = .choosingName(nil)
      return
    case .negotiating(let open, _), .reclaiming(let open, _): link = open
    case .loggingIn(let login): link = login.link
    case .online(var online):
      state = .idle
      online.tellAllHeld(&serverState, at: moment, into: &actions)
      link = online.link
      heldName = online.name
      hasLasted = online.since + Self.steadyAfter <= moment.now
      if hasLasted { backoff.reset() }
      // The server may have hung up at `CAP` by chance, for example during a restart: `CAP` is tried again.
      if memory.capabilitySupport == .plain { memory.capabilitySupport = .unknown }
      abandon(&online)
    }
    if closes { actions.append(.close) } else if triesPlain(after: link) { return open() }
    let words = strangeness(of: link) ?? presentHost.map { "\($0): \(reason)" } ?? reason
    switch next {
    case .none(let mayReturn): halt(reason: reason, mayReturn: mayReturn)
    case .later: retryLater(reason: words, at: moment)
    case .elsewhere(let isRefusal):
      guard let endpoint,
        rotation.lost(words, at: endpoint, isRefusal: isRefusal, hasLasted: hasLasted)
      else { return retryLater(reason: words, at: moment) }
      retry(reason: words, after: Backoff.jitter(using: &random), at: moment)
    }
  }

  /// The next attempt after a lost connection.
  enum NextAttempt {
    /// At once at another address of the server, if one is left; otherwise later.
    case elsewhere(isRefusal: Bool)
    /// After the usual delay.
    case later
    /// When the user asks for it.
    case none(mayReturn: Bool)
  }

  /// The reason why the server is not a chat server; nil if it has not shown that.
  private func strangeness(of link: Link) -> String? {
    guard !link.isUnderstood, let words = link.greeting.first, let host = rotation.current?.host ?? endpoint?.first
    else { return nil }
    return Self.isNoChat(host, saying: words)
  }

  /// The start of the server's first line shows best what kind of server it is.
  static func isNoChat(_ host: HostPort, saying words: String) -> String {
    let words = DisplayText.sanitize(words)
    let isWeb = words.hasPrefix("HTTP/") || words.hasPrefix("<")
    return "\(host) is \(isWeb ? "a web server" : "no chat server"): it says \"\(words.prefix(60))\""
  }

  /// Stops automatic reconnects.
  /// - Parameter mayReturn: whether the server takes the user back.
  mutating func halt(reason: String, mayReturn: Bool = false) {
    state = .waiting(until: .distantFuture)
    memory.isPlain = false
    rotation.endRound()
    tell(.offline(Outage(reason: DisplayText.sanitize(reason), retryIn: nil, mayReturn: mayReturn ? true : nil)))
  }

  /// Whether the server may have hung up because of `CAP`; the next attempt then omits it.
  private mutating func triesPlain(after link: Link) -> Bool {
    switch state {
    case .negotiating, .loggingIn: break
    default: return false
    }
    // Another host could be asked in the plain dialect then. The hosts of a list are servers of this project.
    guard endpoint?.hasSeveralHosts == false else { return false }
    switch memory.capabilitySupport {
    // A server that issued a token understands `CAP`.
    case .unknown where serverState.token != nil: return false
    case .unknown:
      guard link.negotiation == .unanswered || link.negotiation == .refused else { return false }
      memory.capabilitySupport = .plainOnTrial
      return true
    case .plainOnTrial:
      // The server hung up at LOGIN too, so `CAP` was not the reason.
      memory.capabilitySupport = .unknown
      return false
    case .capable, .plain: return false
    }
  }

  mutating func retryLater(
    reason: String, isRefused: Bool = false, isFirst: Bool = false, at moment: Moment
  ) {
    rotation.endRound()
    retry(
      reason: reason, after: backoff.next(using: &random), isRefused: isRefused, isFirst: isFirst, at: moment)
  }

  private mutating func retry(
    reason: String, after delay: Duration, isRefused: Bool = false, isFirst: Bool = false, at moment: Moment
  ) {
    // Another server may listen at the endpoint by then.
    memory.isPlain = false
    state = .waiting(until: moment.now + delay)
    let reason = DisplayText.sanitize(reason)
    tell(.offline(Outage(reason: reason, retryIn: delay, isRefused: isRefused, isFirst: isFirst)))
  }
}
