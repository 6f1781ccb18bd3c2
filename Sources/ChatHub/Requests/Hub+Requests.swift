import ChatProtocol

// Each request is handled at once, or after the answers to the session's earlier requests. A `PING` with a label waits
// for none of them.

extension Hub {
  mutating func receive(_ request: Request, from id: SessionID, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    guard !request.isSkipped else {
      if !sessions[at: place].peer.isHost {
        _ = sessions.charge(id, at: place, tenths: 0, bytes: request.received, settings.limits, &turn)
      }
      return sessions.changeHold(of: id, at: place, &turn)
    }
    sessions[at: place].hear(at: turn.now)
    if let refusal = Admission.refusal(of: request, from: &sessions[at: place], settings) {
      refusal.tell(id, sessions[at: place].capabilities, &turn)
      return end(id, leaving: .lost, closing: refusal.closing, &turn)
    }
    var isInTime = true
    // Clients on the host are exempt: counting would cost more than some lines do.
    if !sessions[at: place].peer.isHost {
      isInTime = sessions.charge(
        id, at: place, tenths: cost(of: request), bytes: request.received, settings.limits, &turn)
    }
    guard request.content != nil else { return sessions.changeHold(of: id, at: place, &turn) }
    if isInTime, isHeartbeat(request, at: place) { return turn.reply(.pong, to: request.address(of: id)) }
    let isFirst = sessions[at: place].backlog.waiting.isEmpty
    if isInTime, isFirst, obey(request, of: id, at: place, &turn) { return }
    var late = request
    late.trim()
    sessions.update(id) { $0.backlog.putOff(late) }
    changeHold(of: id, &turn)
  }

  /// Whether the request is a `PING` that is answered before earlier requests: while the log stores nothing, its client
  /// would take the connection for dead. The answer to a `PING` without a label tells that earlier requests were
  /// handled, so it waits.
  private func isHeartbeat(_ request: Request, at place: Int) -> Bool {
    guard request.verb == .ping, case .success? = request.content, request.tags.label != nil,
      sessions[at: place].capabilities.contains(.tags)
    else { return false }
    return sessions[at: place].presence != nil || sessions[at: place].peer.isControl
  }

  /// Handles waiting requests until one must keep waiting.
  mutating func obeyWaiting(of id: SessionID, _ turn: inout Turn) {
    while let place = sessions.place(of: id), !sessions[at: place].backlog.isPaced,
      let next = sessions[at: place].backlog.waiting.first
    {
      switch next {
      case .request(let request):
        guard obey(request, of: id, at: place, &turn) else { return }
        sessions.update(id) { $0.backlog.removeFirst() }
      case .end:
        guard let session = sessions[id], session.backlog.unstored == 0, !session.backlog.isProposing,
          session.reads.isIdle
        else { return }
        end(id, leaving: .closed, closing: .closed, &turn)
      }
    }
  }

  /// Handles the session's waiting requests, after whatever they waited for.
  mutating func goOn(_ id: SessionID, _ turn: inout Turn) {
    obeyWaiting(of: id, &turn)
    changeHold(of: id, &turn)
  }

  mutating func changeHold(of id: SessionID, _ turn: inout Turn) {
    if let place = sessions.place(of: id) { sessions.changeHold(of: id, at: place, &turn) }
  }

  /// - Returns: false if the request must wait; in that case it had no effect.
  private mutating func obey(_ request: Request, of id: SessionID, at place: Int, _ turn: inout Turn) -> Bool {
    guard let content = request.content else { return true }
    // A change of the session's last request is being stored.
    guard !sessions[at: place].backlog.isProposing else { return false }
    turn.caller = sessions.caller(request.address(of: id), at: place, request.tags)
    defer { turn.endRequest() }
    // Before the session's messages are stored, only further messages are handled: answers keep their order.
    let isBehind = sessions[at: place].backlog.unstored > 0
    do throws(RequestError) {
      let handling = try content.get()
      if case .send(let target, let kind, let text) = handling.action {
        guard !mustWaitForRoom(target, turn) else { return false }
        try send(text, kind, to: target, &turn)
        chargeFurtherLines(of: text, from: place, turn)
        return true
      }
      guard !isBehind else { return false }
      let isAllowed = handling.access.includes(turn.caller)
      if isAllowed, mustWaitForLog(handling.logWait, turn) { return false }
      guard !mustWaitForRegistry(handling.stake, turn) else { return false }
      guard isAllowed else { throw RequestError(.notLoggedIn) }
      turn.request = request
      switch handling.action {
      case .send: break
      case .run(let run): try run(&self, &turn)
      case .decide(let decide):
        if let proposal = try decide(self, turn) { propose(proposal, &turn) } else { turn.replyOK() }
      }
    } catch {
      guard !isBehind else { return false }
      refuse(RequestError(error.code, error.verb ?? request.verb, text: error.text), request, &turn)
    }
    return true
  }

  private mutating func refuse(_ error: RequestError, _ request: Request, _ turn: inout Turn) {
    let id = turn.caller.session
    if error.code == .recipientChanged { introduceRecipient(of: request, &turn) }
    turn.reply(.error(ErrorReply(excuse(error, turn))))
    if error.code == .invalidProof, turn.caller.presence == nil { noteFailedProof(of: id, &turn) }
    if error.code == sessions[id]?.returnsOnly { end(id, leaving: .lost, closing: .tooMany, &turn) }
  }

  /// Replaces an error by `not-logged-in` or `already-logged-in` if the sender may not send such a line at all, or not
  /// again.
  private func excuse(_ error: RequestError, _ turn: borrowing Turn) -> RequestError {
    let isPresent = turn.caller.presence != nil || turn.caller.isControl
    switch (error.code, error.verb) {
    case (.lineTooLong, _), (.invalidUTF8, _), (.malformedTags, _), (_, .capabilities): return error
    case (_, .login), (_, .resume): return isPresent ? RequestError(.alreadyLoggedIn, error.verb) : error
    case (.controlCharacter, _): return error
    default: return isPresent ? error : RequestError(.notLoggedIn, error.verb)
    }
  }
}

extension RequestHandling.Access {
  fileprivate func includes(_ caller: Caller) -> Bool {
    switch self {
    case .anyone: true
    case .members: caller.presence != nil
    case .membersAndControl: caller.presence != nil || caller.isControl
    }
  }
}
