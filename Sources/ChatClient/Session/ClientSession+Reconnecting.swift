import ChatProtocol

extension ClientSession {
  /// So long online, and the delays begin anew.
  private static let steadyAfter = Duration.seconds(30)

  mutating func open(at moment: Moment) {
    guard let endpoint else {
      state = .idle
      return
    }
    state = .connecting
    tell(.connecting(endpoint, attempt: backoff.failures + 1))
    actions.append(.open(endpoint, memory.security))
  }

  mutating func failed(_ failure: ConnectionFailure, at moment: Moment) {
    guard case .connecting = state else { return }
    switch failure.kind {
    case .plain(let said): return answeredInPlain(said, at: moment)
    case .untrusted(let pin): return distrust(seen: pin)
    default: break
    }
    let isFirst = !memory.wasReached && backoff.failures == 0
    if memory.speech == .plainOnTrial { memory.speech = .unknown }
    retryLater(reason: failure.reason, isRefused: failure.kind == .refused, isFirst: isFirst, at: moment)
  }

  mutating func closed(reason: String?, at moment: Moment) {
    if case .leaving(let leaving) = state { return left(leaving, at: moment) }
    lost(reason: reason, at: moment, closes: false)
  }

  /// The server is about to hang up, or as good as gone.
  mutating func lost(_ disconnectReason: DisconnectReason, at moment: Moment) {
    // To take it back would be taken back in turn.
    if disconnectReason.isTakenOver { serverState.resumableName = nil }
    if disconnectReason.isIdle, case .online(let online) = state, !online.link.isTagged {
      // It does not tell how long it waits: not as long as was supposed.
      memory.supposedIdleTimeout = max((memory.supposedIdleTimeout ?? .seconds(60)) / 2, .seconds(2))
    }
    lost(reason: disconnectReason.reason, at: moment, closes: true, isFinal: disconnectReason.isFinal)
  }

  /// What was under way on a connection waits for the next one where that can be, and ends where it cannot.
  mutating func abandon(_ online: inout Online) {
    if online.isKnown {
      let (drafts, events) = online.sends.takeUnanswered()
      for event in events { tell(event) }
      serverState.outbox.putBack(drafts)
    } else {
      for event in online.sends.removeAll(reason: Self.unconfirmed) { tell(event) }
    }
    for request in online.requests.takeAll() {
      switch request {
      case .part(let room): online.parted(from: room, &serverState, into: &actions)
      case .listRooms: tell(.roomsFailed(reason: Self.unanswered))
      case .topic: tell(.serverError(Self.unanswered))
      case .admin(let asked): tell(.administered(asked, .refused(reason: Self.unanswered)))
      case .join, .roster, .history, .search, .mark: break
      }
    }
    serverState.endSearch(into: &actions)
    serverState.disconnected()
  }

  /// The connection is gone, or given up.
  /// - Parameters:
  ///   - reason: nil where the server just hung up.
  ///   - closes: it is we who give it up.
  ///   - isFinal: no attempt is made before somebody asks for it.
  mutating func lost(reason: String?, at moment: Moment, closes: Bool, isFinal: Bool = false) {
    let reason = reason ?? "the server closed the connection"
    let link: Link
    switch state {
    case .idle, .connecting, .choosingName(nil), .leaving, .waiting, .ended: return
    case .choosingName:
      // Nothing to be done on a connection before the name is chosen.
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
      if online.since + Self.steadyAfter <= moment.now { backoff.reset() }
      // That it hung up at `CAP` may have been chance, and the server one that was just being restarted.
      if memory.speech == .plain { memory.speech = .unknown }
      abandon(&online)
    }
    if closes { actions.append(.close) } else if triesPlain(after: link) { return open(at: moment) }
    let strange = strangeness(of: link)
    if isFinal { halt(reason: reason) } else { retryLater(reason: strange ?? reason, at: moment) }
  }

  /// Why the server is none that one can chat on; nil where it has not shown that.
  private func strangeness(of link: Link) -> String? {
    guard !link.isUnderstood, let words = link.greeting.first, let endpoint else { return nil }
    return Self.isNoChat(endpoint, saying: words)
  }

  /// Of what it says one line, and not much of that, tells best what it is.
  static func isNoChat(_ endpoint: Endpoint, saying words: String) -> String {
    let words = DisplayText.sanitize(words)
    let isWeb = words.hasPrefix("HTTP/") || words.hasPrefix("<")
    return "\(endpoint) is \(isWeb ? "a web server" : "no chat server"): it says \"\(words.prefix(60))\""
  }

  /// Makes no further attempt by itself.
  mutating func halt(reason: String) {
    state = .waiting(until: .distantFuture)
    memory.isPlain = false
    tell(.offline(Outage(reason: DisplayText.sanitize(reason), retryIn: nil)))
  }

  /// Whether the server may have hung up because it was asked for capabilities; then it is asked no more.
  private mutating func triesPlain(after link: Link) -> Bool {
    switch state {
    case .negotiating, .loggingIn: break
    default: return false
    }
    switch memory.speech {
    // Who gave us a token knows what we asked for.
    case .unknown where serverState.token != nil: return false
    case .unknown:
      guard link.negotiation == .unanswered || link.negotiation == .refused else { return false }
      memory.speech = .plainOnTrial
      return true
    case .plainOnTrial:
      // It hung up at LOGIN just so: that was not the reason.
      memory.speech = .unknown
      return false
    case .capable, .plain: return false
    }
  }

  mutating func retryLater(
    reason: String, isRefused: Bool = false, isFirst: Bool = false, at moment: Moment
  ) {
    // What listens there by then may be another one.
    memory.isPlain = false
    let delay = backoff.next(using: &random)
    state = .waiting(until: moment.now + delay)
    let reason = DisplayText.sanitize(reason)
    tell(.offline(Outage(reason: reason, retryIn: delay, isRefused: isRefused, isFirst: isFirst)))
  }
}
