import ChatProtocol
import ChatRecords

// Opening and ending sessions.

extension Hub {
  mutating func open(_ id: SessionID, _ peer: Peer, _ capabilities: Capabilities, _ turn: inout Turn) {
    var session = Session(of: peer, capabilities, openedAt: turn.now)
    switch admission.reception(of: peer, among: sessions.count, settings, registry, turn) {
    case .refused(let refusal):
      refusal.tell(id, capabilities, &turn)
      return turn.emit(.close(id, refusal.closing))
    case .welcome(let returnsOnly): session.returnsOnly = returnsOnly
    }
    sessions.insert(id, session)
    admission.limiter.open(id, peer, settings.limits, at: turn.now)
    dismissUnauthenticated(&turn)
  }

  /// Handles the end of input. The session still gets all answers before it is ended.
  mutating func finish(_ id: SessionID, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    if sessions[at: place].isBusy {
      sessions[at: place].backlog.putOffEnd()
    } else {
      end(id, leaving: .closed, closing: .closed, &turn)
    }
  }

  /// Handles the end of a connection. The session gets no more answers and its reads are cancelled, but requests sent
  /// before an orderly close are still carried out.
  mutating func close(_ id: SessionID, _ reason: LeaveReason, _ turn: inout Turn) {
    guard let place = sessions.place(of: id) else { return }
    // Nothing waits for its reading any more: reads that its last requests cause must end.
    sessions[at: place].lag = nil
    reads.cancel(of: &sessions[at: place], &turn)
    sessions[at: place].backlog.removeQuestions()
    guard reason == .closed else { return end(id, leaving: reason, closing: .closed, &turn) }
    finish(id, &turn)
    // Waiting requests may have waited for the cancelled reads.
    obeyWaiting(of: id, &turn)
  }

  /// Removes the session, and lets its login depart. Does nothing for a session that was removed
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
      turn.emit(.loggedOut(id, presence.name, leaving))
      people.attach(nil, to: presence.login, of: presence.member)
      turn.emit(.depart(Departure(presence.login, of: presence.member, leaving)))
    }
    turn.emit(.close(id, closing))
  }

  mutating func change(_ settings: HubSettings, _ turn: inout Turn) {
    let isOther = settings.idleTimeout != self.settings.idleTimeout
    self.settings = settings
    memberLists.removeAll()
    if isOther { sessions.announceIdleTimeout(settings.idleTimeout, &turn) }
  }

  /// Ends sessions that were silent for too long.
  mutating func expire(_ turn: inout Turn) {
    for (id, isIdle) in sessions.expired(settings, at: turn.now) {
      if isIdle {
        endIdle(id, &turn)
      } else {
        let error = ServerMessage.error(ErrorReply(RequestError(.loginTimeout)))
        end(id, leaving: .idle, closing: .loginTimeout, farewell: error, &turn)
      }
    }
  }

  mutating func endIdle(_ id: SessionID, _ turn: inout Turn) {
    let bye = ServerMessage.bye(.idle, text: ByeReason.idle.explanation)
    end(id, leaving: .idle, closing: .idle, farewell: bye, &turn)
  }

  mutating func shutDown(_ turn: inout Turn) {
    let reason: ByeReason = isAlone ? .shutdown : .moving
    let bye = ServerMessage.bye(reason, text: reason.explanation)
    for id in sessions.inOrder {
      turn.send(bye, to: id)
      turn.emit(.close(id, .shutdown))
    }
    sessions.removeAll()
    admission.limiter.closeAll()
    people.removeAll()
    memberLists.removeAll()
    rooms.removePeople(registry)
  }
}
