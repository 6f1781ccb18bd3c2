import ChatProtocol

// Limits on connections.

extension Hub {
  /// Accepts a session above the limits of its address block if it belongs to a returning member.
  /// - Parameter replaces: whether the session takes the place of another connection.
  /// - Throws: the limit that applies; the session must be ended.
  func mustBeWithinLimits(isKnown: Bool, replaces: Bool, _ turn: borrowing Turn) throws(RequestError) {
    guard let code = sessions[at: turn.caller.place].returnsOnly else { return }
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
}
