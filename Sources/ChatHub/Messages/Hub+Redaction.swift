import ChatProtocol
import ChatRecords

// Redaction: the log removes the text of a message, and all sessions that may have read it are notified.

extension Hub {
  /// Redacts a message. Authors can redact their own messages, operators any message in a room.
  mutating func redact(_ target: Target, sequence: Int, reason: String, _ turn: inout Turn) throws(RequestError) {
    let address: Address
    let author: MemberID?
    if case .room(let room) = target, registry.isOperator(turn.caller) {
      guard let name = rooms.entry(room)?.key else { throw RequestError(.notFound) }
      // In a private room, operators have no more access than others.
      if let rules = registry.rules(of: name), rules.isPrivate {
        guard let presence = turn.caller.presence, rules.admits(presence.member) else {
          throw RequestError(.privateRoom)
        }
      }
      (address, author) = (Address(room: name), nil)
    } else {
      // The control socket has no access to pairs.
      guard let presence = turn.caller.presence else { throw RequestError(.notFound) }
      (address, author) = (try find(target, presence, turn), presence.member)
    }
    // Messages that are stored but not published yet are not visible.
    guard sequence >= 1, sequence <= lastPublished(in: address.conversation, turn) ?? .max else {
      throw RequestError(.notFound)
    }
    let note = RedactionNote(
      time: proposals.acts.next(at: turn.wall), by: turn.caller.actor, member: turn.caller.presence?.member,
      subject: "\(address.target)/\(sequence)", reason: Act.clean(reason))
    sessions[at: turn.caller.place].reads.beginRedaction()
    let id = redactions.begin(Redactions.PendingRedaction(address: turn.caller.address))
    turn.emit(.redact(id, address.conversation, sequence: sequence, author: author, note: note))
  }

  private func lastPublished(in conversation: Conversation, _ turn: borrowing Turn) -> Int? {
    if case .room(let room) = conversation { return rooms[room]?.head }
    return turn.caller.presence.flatMap { head(of: conversation, for: $0.member) }
  }

  mutating func answerRedaction(
    _ id: RedactionID, _ outcome: Result<StoredMessage?, HubEvent.StorageFailure>, _ turn: inout Turn
  ) {
    guard let pending = redactions.finish(id) else { return }
    let requester = pending.address.session
    // A session that has ended, or was told that the log does not answer, gets no answer.
    let address = sessions.contains(requester) && !pending.isAnswered ? pending.address : nil
    if let address { answer(outcome, to: address, &turn) }
    guard !pending.isAnswered else { return }
    sessions.update(requester) { $0.reads.finishRedaction() }
    goOn(requester, &turn)
  }

  private func answer(
    _ outcome: Result<StoredMessage?, HubEvent.StorageFailure>, to address: ReplyAddress, _ turn: inout Turn
  ) {
    switch outcome {
    case .success(let message?) where message.kind != .redacted: turn.replyOK(to: address)
    case .success: turn.refuse(.notFound, to: address)
    case .failure:
      let text = "The server cannot remove messages at the moment; nothing was changed."
      turn.refuse(.storageUnavailable, text: text, to: address)
    }
  }

  /// Announces a redaction that the feed has brought.
  mutating func apply(_ redaction: Redaction, _ turn: inout Turn) {
    var wasTopic = false
    switch redaction.conversation {
    case .room(let room):
      var tags = Tags()
      tags.setRoom(room)
      turn.publish(.redacted(.room(room), redaction.sequence, by: redaction.by), in: room)
      wasTopic = rooms[room]?.topic?.sequence == redaction.sequence
      if wasTopic {
        rooms.update(room) { $0.topic = nil }
        turn.publish(.topic(from: redaction.by, text: ""), tags, in: room)
      }
    case .pair(let pair):
      for member in Set([pair.first, pair.second]).sorted() {
        for id in people[member]?.sessions ?? [] { tell(redaction, of: pair, to: id, member, &turn) }
      }
    }
    redactions.note(redaction, wasTopic: wasTopic)
  }

  private func tell(
    _ redaction: Redaction, of pair: Conversation.Pair, to id: SessionID, _ member: MemberID, _ turn: inout Turn
  ) {
    let other = pair.other(than: member)
    guard let session = sessions[id], session.lag == nil, let name = people.name(of: other, for: member, registry)
    else {
      return
    }
    // A conversation that was not introduced to the session has no message that could be redacted.
    if session.isSynchronized, session.introducedHead(of: other, named: name) == nil { return }
    turn.send(.redacted(.person(name), redaction.sequence, by: redaction.by), to: id)
  }

  /// Sends a session the redactions that happened while it lagged.
  func tellRedactions(since count: Int, to id: SessionID, _ presence: Session.Presence, _ turn: inout Turn) {
    for recent in redactions.since(count) {
      let redaction = recent.redaction
      switch redaction.conversation {
      case .room(let room):
        guard sessions[id]?.isIn(room) == true else { continue }
        turn.send(.redacted(.room(room), redaction.sequence, by: redaction.by), to: id)
        guard recent.wasTopic, rooms[room]?.topic == nil else { continue }
        var tags = Tags()
        tags.setRoom(room)
        turn.send(.topic(from: redaction.by, text: ""), tags, to: id)
      case .pair(let pair):
        guard pair.contains(presence.member) else { continue }
        tell(redaction, of: pair, to: id, presence.member, &turn)
      }
    }
  }
}
