import ChatProtocol

// Who may connect at all, and how long somebody may stay without a name.

extension Hub {
  /// - Returns: why the connection is refused; nil where it is not.
  func objection(to peer: Peer, at now: MonotonicTime) -> (error: RequestError, closing: CloseReason)? {
    // Whoever is on the host may look after a server that is full.
    guard !peer.isControl else { return nil }
    let household = peer.isHost ? nil : peer.address.map(Household.init)
    if household != nil, let ban = peer.address.flatMap({ registry.ban(of: $0, at: wall) }) {
      return (RequestError(.banned, text: ban.sentence), .banned)
    }
    if sessions.count >= settings.maximumSessions { return (RequestError(.serverFull), .full) }
    if let household, let code = entrance.objection(to: household, settings.limits, at: now) {
      return (RequestError(code), .tooMany)
    }
    return nil
  }

  /// Who only holds a place makes room for those who come after.
  mutating func dismissStrangers(into actions: inout [HubAction]) {
    let percent = min(max(settings.limits.unnamedPercent, 0), 100)
    let maximum = max(Int(Double(settings.maximumSessions) * Double(percent) / 100), 1)
    while entrance.strangerCount > maximum, let oldest = entrance.oldestStranger() {
      let error = ServerMessage.error(ErrorReply(RequestError(.loginTimeout)))
      end(oldest, leaving: .idle, closing: .loginTimeout, farewell: error, into: &actions)
    }
  }

  /// Whether somebody without a name may say one more line. If not, the session is ended.
  mutating func mayIntroduceThemselves(_ id: SessionID, at place: Int, into actions: inout [HubAction]) -> Bool {
    // This is asked with every line: a session is looked at where it is, for it takes long to copy.
    guard sessions[at: place]?.isStranger == true else { return true }
    if settings.requiresTLS, sessions[at: place]?.isSecured == false {
      refuse(RequestError(.tlsRequired), id, closing: .tlsRequired, into: &actions)
      return false
    }
    guard sessions[at: place]?.linesWithoutName ?? 0 < settings.limits.linesBeforeLogin else {
      refuse(RequestError(.notLoggedIn, text: Self.tooMuch), id, closing: .unnamed, into: &actions)
      return false
    }
    sessions[at: place]?.linesWithoutName += 1
    return true
  }

  private static let tooMuch = "Too much was said without a name; connect again and log in first: LOGIN name."

  private mutating func refuse(
    _ error: RequestError, _ id: SessionID, closing: CloseReason, into actions: inout [HubAction]
  ) {
    let dialect = sessions[id]?.dialect ?? []
    tell(error, id, dialect, into: &actions)
    end(id, leaving: .lost, closing: closing, into: &actions)
  }

  /// Says why the server hangs up on somebody without a name. Without tags an error is a code alone, which is nothing to
  /// a person: the words follow on a line of their own.
  func tell(_ error: RequestError, _ id: SessionID, _ dialect: Capabilities, into actions: inout [HubAction]) {
    let reply = ErrorReply(error)
    actions.append(.send(id, .error(reply), Tags()))
    guard !dialect.contains(.tags) else { return }
    switch error.code {
    case .tlsRequired, .banned, .tooManyConnections, .tooManyAttempts:
      actions.append(.send(id, .info(.other(reply.text)), Tags()))
    default: break
    }
  }

  /// Whether one more name may belong to somebody at this address.
  func mayClaim(_ peer: Peer, at now: MonotonicTime) -> Bool {
    guard !peer.isHost, let address = peer.address else { return true }
    return entrance.mayClaim(Household(address), settings.limits, at: now)
  }

  /// Counts a name that belongs to somebody at this address now.
  mutating func noteClaim(_ peer: Peer, at now: MonotonicTime) {
    guard !peer.isHost, let address = peer.address else { return }
    entrance.noteClaim(Household(address), settings.limits, at: now)
  }
}
