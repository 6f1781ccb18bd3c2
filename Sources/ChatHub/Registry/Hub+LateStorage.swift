import ChatProtocol

// Handling a disk that does not respond. After `HubLimits.storagePatience` a request for a change is refused, and its
// session continues. If the log stores the change later, the change is applied and announced; only the request is not
// answered a second time.

extension Hub {
  /// Refuses requests that have waited too long for the log. Due with every tick.
  mutating func refuseLate(at now: MonotonicTime, into actions: inout [HubAction]) {
    let patience = settings.limits.storagePatience
    for late in proposals.takeLate(at: now, after: patience) {
      let outcome = late.answer.isLogin ? Self.notLoggedIn : Self.perhapsLater
      refuse(late.requester, "\(Self.noAnswer); \(outcome)", into: &actions)
      sessions[late.requester.session]?.backlog.isProposing = false
      goOn(late.requester.session, at: now, into: &actions)
    }
    for id in proposals.takeLateWaiting(at: now, after: patience) {
      guard sessions[id] != nil else { continue }
      sessions[id]?.backlog.isAwaitingRegistry = false
      refuseWaiting(of: id, into: &actions)
      goOn(id, at: now, into: &actions)
    }
    for wish in removals.takeLate(at: now, after: patience) {
      let requester = Proposal.Requester(session: wish.session, verb: .remove, label: wish.label)
      refuse(requester, "\(Self.noAnswer); the message is taken away when it does, or not at all.", into: &actions)
      sessions[wish.session]?.reads.finishErasing()
      goOn(wish.session, at: now, into: &actions)
    }
  }

  private static let noAnswer = "The server's disk does not answer"
  private static let perhapsLater = "the change is made when it does, or not at all."

  /// Refuses the first waiting request, which had no effect.
  private mutating func refuseWaiting(of id: SessionID, into actions: inout [HubAction]) {
    guard case .request(let request)? = sessions[id]?.backlog.waiting.first else { return }
    sessions[id]?.backlog.removeFirst()
    let isLogin = request.verb == .login || request.verb == .resume
    let requester = Proposal.Requester(session: id, verb: request.verb, label: request.tags.label)
    refuse(requester, "\(Self.noAnswer); \(isLogin ? Self.notLoggedIn : Self.nothingChanged)", into: &actions)
  }

  private mutating func goOn(_ id: SessionID, at now: MonotonicTime, into actions: inout [HubAction]) {
    obeyWaiting(of: id, at: now, into: &actions)
    changeHold(of: id, into: &actions)
  }
}

extension Proposal.Answer {
  /// Whether the answer logs the requester in.
  var isLogin: Bool {
    switch self {
    case .login, .resumption: true
    case .ok, .invitation, .created: false
    }
  }
}
