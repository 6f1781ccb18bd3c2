import ChatProtocol
import ChatRecords

// Removing messages: the log erases the text, and all sessions that may have read it are notified.

extension Hub {
  /// Removes a message. Authors can remove their own messages, operators any message in a room.
  mutating func remove(_ target: Target, sequence: Int, reason: String, _ turn: inout Turn) throws(RequestError) {
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
    let note = RemovalNote(
      time: proposals.acts.next(at: turn.wall), by: turn.caller.actor, member: turn.caller.presence?.member,
      subject: "\(address.target)/\(sequence)", reason: Act.clean(reason))
    sessions[at: turn.caller.place]?.reads.beginErasing()
    let id = removals.begin(Removals.PendingRemoval(address: turn.caller.address))
    turn.emit(.erase(id, address.conversation, sequence: sequence, author: author, note: note))
  }

  private func lastPublished(in conversation: Conversation, _ turn: borrowing Turn) -> Int? {
    if case .room(let room) = conversation { return rooms[room]?.head }
    return turn.caller.presence.flatMap { head(of: conversation, for: $0.member) }
  }

  mutating func answerErased(
    _ id: EraseID, _ outcome: Result<StoredMessage?, HubEvent.StorageFailure>, _ turn: inout Turn
  ) {
    guard let pending = removals.finish(id) else { return }
    let requester = pending.address.session
    // A session that has ended, or was told that the log does not answer, gets no answer.
    let address = sessions.contains(requester) && !pending.isAnswered ? pending.address : nil
    if let address { answer(outcome, to: address, &turn) }
    guard !pending.isAnswered else { return }
    sessions[requester]?.reads.finishErasing()
    goOn(requester, &turn)
  }

  private func answer(
    _ outcome: Result<StoredMessage?, HubEvent.StorageFailure>, to address: ReplyAddress, _ turn: inout Turn
  ) {
    switch outcome {
    case .success(let message?) where message.kind != .removed: turn.replyOK(to: address)
    case .success: turn.refuse(.notFound, to: address)
    case .failure:
      let text = "The server cannot take messages away at the moment; nothing was changed."
      turn.refuse(.storageUnavailable, text: text, to: address)
    }
  }

  /// Announces a removal that the feed has brought.
  mutating func apply(_ redaction: Redaction, _ turn: inout Turn) {
    let place = Removals.Place(conversation: redaction.conversation, sequence: redaction.sequence)
    var removal = Removals.Removal(place: place, by: redaction.by, wasTopic: false)
    switch redaction.conversation {
    case .room(let room):
      var tags = Tags()
      tags.setRoom(room)
      turn.publish(.removed(.room(room), redaction.sequence, by: redaction.by), in: room)
      removal.wasTopic = rooms[room]?.topic?.sequence == redaction.sequence
      if removal.wasTopic {
        rooms.update(room) { $0.topic = nil }
        turn.publish(.topic(from: redaction.by, text: ""), tags, in: room)
      }
    case .pair(let pair):
      for member in Set([pair.first, pair.second]).sorted() {
        for id in people[member]?.sessions ?? [] { tell(removal, of: pair, to: id, member, &turn) }
      }
    }
    removals.note(removal)
  }

  private func tell(
    _ removal: Removals.Removal, of pair: Conversation.Pair, to id: SessionID, _ member: MemberID, _ turn: inout Turn
  ) {
    let other = pair.other(than: member)
    guard let session = sessions[id], session.lag == nil, let name = people.name(of: other, for: member, registry)
    else {
      return
    }
    // A conversation that was not introduced to the session has no message that could be removed.
    if session.isSynchronized, session.introducedHead(of: other, named: name) == nil { return }
    turn.send(.removed(.person(name), removal.place.sequence, by: removal.by), to: id)
  }

  /// Sends a session the removals that happened while it lagged.
  func tellRemovals(since count: Int, to id: SessionID, _ presence: Session.Presence, _ turn: inout Turn) {
    for removal in removals.since(count) {
      switch removal.place.conversation {
      case .room(let room):
        guard sessions[id]?.isIn(room) == true else { continue }
        turn.send(.removed(.room(room), removal.place.sequence, by: removal.by), to: id)
        guard removal.wasTopic, rooms[room]?.topic == nil else { continue }
        var tags = Tags()
        tags.setRoom(room)
        turn.send(.topic(from: removal.by, text: ""), tags, to: id)
      case .pair(let pair):
        guard pair.contains(presence.member) else { continue }
        tell(removal, of: pair, to: id, presence.member, &turn)
      }
    }
  }
}
