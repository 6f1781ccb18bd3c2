import ChatProtocol

// Opening and ending sessions.

extension Hub {
  mutating func open(_ id: SessionID, _ peer: Peer, _ turn: inout Turn) {
    var session = Session(of: peer, openedAt: turn.now)
    switch admission.reception(of: peer, among: sessions.count, settings, registry, turn) {
    case .refused(let error, let closing):
      tell(error, id, [], &turn)
      turn.emit(.close(id, closing))
      return
    case .welcome(let returnsOnly): session.returnsOnly = returnsOnly
    }
    sessions.insert(id, session)
    admission.limiter.open(id, peer, settings.limits, at: turn.now)
    dismissUnauthenticated(&turn)
  }

  /// Handles the end of input. The session still gets all answers before it is ended.
  mutating func finish(_ id: SessionID, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    if let session = sessions[at: place], isBusy(session) {
      sessions[at: place]?.backlog.putOffEnd()
    } else {
      end(id, leaving: .closed, closing: .closed, &turn)
    }
  }

  /// Handles the end of a connection. The session gets no more answers and its reads are cancelled, but requests sent
  /// before an orderly close are still carried out.
  mutating func close(_ id: SessionID, _ reason: LeaveReason, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    reads.cancel(of: &sessions[at: place], &turn)
    sessions[at: place]?.backlog.removeQuestions()
    guard reason == .closed else { return end(id, leaving: reason, closing: .closed, &turn) }
    finish(id, &turn)
    // Waiting requests may have waited for the cancelled reads.
    obeyWaiting(of: id, &turn)
  }

  private func isBusy(_ session: Session) -> Bool {
    session.backlog.unstored > 0 || session.backlog.isProposing || !session.backlog.waiting.isEmpty
      || !session.reads.isIdle
  }

  /// Removes the session and announces the departure of its member. Does nothing for a session that was removed
  /// already.
  /// - Parameter farewell: the last line sent to the session.
  mutating func end(
    _ id: SessionID, leaving: LeaveReason, closing: CloseReason, farewell: ServerMessage? = nil, _ turn: inout Turn
  ) {
    if let place = sessions.place(of: id) { reads.cancel(of: &sessions[at: place], &turn) }
    guard let session = sessions.remove(id) else { return }
    admission.limiter.close(id, session.peer, wasReplaceable: session.presence?.isReplaceable == true)
    if let farewell { turn.send(farewell, to: id) }
    if let presence = session.presence {
      if let block = session.peer.network { people.recent.note(presence.name, at: block, session.lastHeard) }
      turn.emit(.loggedOut(id, presence.name, leaving))
      people.leave(presence, id, leaving, &turn)
      for room in session.rooms.entries { leave(room.key, presence, at: session.lastHeard, &turn) }
    }
    turn.emit(.close(id, closing))
  }

  /// Changes the settings. A new idle timeout is sent to sessions that read tags, and idle times start again, so that
  /// no session is ended for silence under the old timeout.
  mutating func change(_ settings: HubSettings, _ turn: inout Turn) {
    let isOther = settings.idleTimeout != self.settings.idleTimeout
    self.settings = settings
    guard isOther else { return }
    var tags = Tags()
    tags.idleTimeout = settings.idleTimeout
    let text = tags["idle"].map { "the idle timeout is \($0) s now" } ?? "there is no idle timeout any more"
    for id in sessions.keys.sorted(by: { $0.number < $1.number }) {
      sessions[id]?.hear(at: turn.now)
      guard let session = sessions[id], session.presence != nil, session.dialect.contains(.tags) else { continue }
      turn.send(.info(.other(text)), tags, to: id)
    }
  }

  mutating func expire(_ turn: inout Turn) {
    var expired: [(SessionID, isIdle: Bool)] = []
    for id in sessions.keys {
      guard let lastHeard = sessions[id]?.lastHeard else { continue }
      let isPresent = sessions[id]?.presence != nil || sessions[id]?.peer.isControl == true
      let timeout = isPresent ? settings.idleTimeout : settings.loginTimeout
      if let timeout, turn.now - lastHeard >= timeout { expired.append((id, isPresent)) }
    }
    // The order of a dictionary differs between runs; a replay must be deterministic.
    expired.sort { $0.0.number < $1.0.number }
    for (id, isIdle) in expired {
      if isIdle {
        let bye = ServerMessage.bye(.idle, text: ByeReason.idle.explanation)
        end(id, leaving: .idle, closing: .idle, farewell: bye, &turn)
      } else {
        let error = ServerMessage.error(ErrorReply(RequestError(.loginTimeout)))
        end(id, leaving: .idle, closing: .loginTimeout, farewell: error, &turn)
      }
    }
  }

  mutating func shutDown(_ turn: inout Turn) {
    let bye = ServerMessage.bye(.shutdown, text: ByeReason.shutdown.explanation)
    for id in sessions.keys.sorted(by: { $0.number < $1.number }) {
      turn.send(bye, to: id)
      turn.emit(.close(id, .shutdown))
    }
    sessions.removeAll()
    admission.limiter.closeAll()
    paced = []
    people.removeAll()
    rooms.removePeople(registry)
  }
}
