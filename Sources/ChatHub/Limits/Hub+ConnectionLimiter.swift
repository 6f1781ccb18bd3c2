import ChatProtocol

// Which connections are accepted, and the limits before login.

extension Hub {
  /// Accepts a session above the limits of its address block if it belongs to a returning member.
  /// - Parameter replaces: whether the session takes the place of another connection.
  /// - Throws: the limit that applies; the session must be ended.
  func mustBeWithinLimits(isKnown: Bool, replaces: Bool, _ turn: borrowing Turn) throws(RequestError) {
    guard let code = sessions[at: turn.caller.place]?.returnsOnly else { return }
    guard code == .tooManyConnections ? replaces : isKnown else { throw RequestError(code) }
  }

  mutating func forgiveReturn(of presence: Session.Presence, _ turn: borrowing Turn) {
    admission.limiter.forgive(presence.member, turn.caller.peer, settings.limits, at: turn.now)
  }

  /// Ends the oldest unauthenticated sessions above the limit.
  mutating func dismissUnauthenticated(_ turn: inout Turn) {
    let percent = min(max(settings.limits.unnamedPercent, 0), 100)
    let maximum = max(Int(Double(settings.maximumSessions) * Double(percent) / 100), 1)
    while admission.limiter.unauthenticatedCount > maximum, let oldest = admission.limiter.oldestUnauthenticated() {
      let error = ServerMessage.error(ErrorReply(RequestError(.loginTimeout)))
      end(oldest, leaving: .idle, closing: .loginTimeout, farewell: error, &turn)
    }
  }

  /// Whether an unauthenticated session may send one more line. If not, the session is ended.
  mutating func mayIntroduceThemselves(_ id: SessionID, at place: Int, _ turn: inout Turn) -> Bool {
    // This runs for every line, so the session is read in place: copying it is slow.
    guard sessions[at: place]?.isStranger == true else { return true }
    if settings.requiresTLS, sessions[at: place]?.isSecured == false {
      refuse(RequestError(.tlsRequired), id, closing: .tlsRequired, &turn)
      return false
    }
    guard sessions[at: place]?.linesWithoutName ?? 0 < settings.limits.linesBeforeLogin else {
      refuse(RequestError(.notLoggedIn, text: Self.tooMuch), id, closing: .unnamed, &turn)
      return false
    }
    sessions[at: place]?.linesWithoutName += 1
    return true
  }

  /// Disconnects a browser directed here by a web page: the lines after the first ones of its HTTP request are
  /// controlled by the page. Only the first readable line is checked, which in a request is never controlled by the
  /// page.
  /// - Returns: false if the session is ended.
  mutating func mustNotBeBrowser(_ line: Result<Line, LineFault>, _ id: SessionID, at place: Int, _ turn: inout Turn)
    -> Bool
  {
    guard sessions[at: place]?.mayBeBrowser == true, case .success(let line) = line else { return true }
    guard line.text.isOfHTTPRequest else {
      if line.text.utf8.contains(where: { $0 > 0x20 }) { sessions[at: place]?.mayBeBrowser = false }
      return true
    }
    refuse(RequestError(.notLoggedIn, text: Self.noWebServer), id, closing: .http, &turn)
    return false
  }

  private static let noWebServer = "This is a chat server, and does not speak HTTP: use swiftchat, or nc."

  private static let tooMuch = "Too much was said without a name; connect again and log in first: LOGIN name."

  private mutating func refuse(_ error: RequestError, _ id: SessionID, closing: CloseReason, _ turn: inout Turn) {
    let dialect = sessions[id]?.dialect ?? []
    tell(error, id, dialect, &turn)
    end(id, leaving: .lost, closing: closing, &turn)
  }

  /// Sends the reason before disconnecting an unauthenticated session. Without tags an error is a bare code, so an
  /// explanation for people follows on a line of its own.
  func tell(_ error: RequestError, _ id: SessionID, _ dialect: Capabilities, _ turn: inout Turn) {
    let reply = ErrorReply(error)
    turn.send(.error(reply), to: id)
    guard !dialect.contains(.tags) else { return }
    switch error.code {
    case .tlsRequired, .banned, .tooManyConnections, .tooManyAttempts:
      turn.send(.info(.other(reply.text)), to: id)
    default: break
    }
  }
}
