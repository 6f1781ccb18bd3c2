import ChatProtocol

// Handling a disk that does not respond. After `HubLimits.storagePatience` a request for a change is refused, and its
// session continues. If the log stores the change later, the change is applied and announced; only the request is not
// answered a second time.

extension Hub {
  /// Refuses requests that have waited too long for the log. Due with every tick.
  mutating func refuseLate(_ turn: inout Turn) {
    let patience = settings.limits.storagePatience
    for late in proposals.takeLate(at: turn.now, after: patience) {
      let isMadeLater = !late.requester.isLogin && !late.answer.isAgain
      let outcome = isMadeLater ? Self.perhapsLater : Self.noChange(late.requester)
      sessions.refuse(.storageUnavailable, text: "\(Self.noAnswer); \(outcome)", to: late.requester, &turn)
      _ = sessions.update(late.requester.session) { $0.backlog.finishProposing() }
      goOn(late.requester.session, &turn)
    }
    let waiters = proposals.takeLateWaiting(at: turn.now, after: patience)
    for waiter in waiters {
      let id = waiter.session
      guard let place = sessions.place(of: id), sessions[at: place].backlog.wait == waiter.id else { continue }
      sessions[at: place].backlog.wait = nil
      refuseWaiting(of: id, &turn)
      goOn(id, &turn)
    }
    // Requests that change nothing waited for those that were refused.
    if !waiters.isEmpty { wakeWaiting(&turn) }
    for request in redactions.takeLate(at: turn.now, after: patience) {
      let id = request.address.session
      let text = "\(Self.noAnswer); the message is removed when it does, or not at all."
      sessions.refuse(.storageUnavailable, text: text, to: request.address, &turn)
      sessions.update(id) { $0.reads.finishRedaction() }
      goOn(id, &turn)
    }
  }

  private static let noAnswer = "The server's disk does not answer"
  private static let perhapsLater = "the change is made when it does, or not at all."

  /// Refuses the first waiting request, which had no effect.
  private mutating func refuseWaiting(of id: SessionID, _ turn: inout Turn) {
    guard case .request(let request)? = sessions[id]?.backlog.waiting.first else { return }
    sessions.update(id) { $0.backlog.removeFirst() }
    let address = request.address(of: id)
    sessions.refuse(.storageUnavailable, text: "\(Self.noAnswer); \(Self.noChange(address))", to: address, &turn)
  }
}

extension Proposal.Answer {
  var isAgain: Bool { if case .again = self { true } else { false } }
}

extension ReplyAddress {
  /// Whether the request is a login or resumption.
  var isLogin: Bool { verb == .login || verb == .resume }
}
