import ChatProtocol

// Removing messages: the log erases the text, and all sessions that may have read it are notified.

extension Hub {
  /// Removes a message. Authors can remove their own messages, operators any message in a room.
  mutating func remove(
    _ target: Target, sequence: Int, reason: String, _ request: Request, _ context: RequestContext,
    into actions: inout [HubAction]
  ) throws(RequestError) {
    let address: Address
    let author: MemberID?
    if case .room(let room) = target, isOperator(context) {
      guard let name = rooms.entry(room)?.key else { throw RequestError(.notFound, .remove) }
      // In a private room, operators have no more access than others.
      if let rules = registry.rules(of: name), rules.isPrivate {
        guard let presence = context.presence, rules.admits(presence.member) else {
          throw RequestError(.privateRoom, .remove)
        }
      }
      (address, author) = (Address(room: name), nil)
    } else {
      // The control socket has no access to pairs.
      guard let presence = context.presence else { throw RequestError(.notFound, .remove) }
      (address, author) = (try find(target, request, context, presence), presence.member)
    }
    // Messages that are stored but not published yet are not visible.
    guard sequence >= 1, sequence <= lastPublished(in: address.conversation, context) ?? .max else {
      throw RequestError(.notFound, .remove)
    }
    let note = RemovalNote(
      time: nextActTime(), by: actor(context), member: context.presence?.member,
      subject: "\(address.target)/\(sequence)", reason: Self.clean(reason))
    let pending = Removals.PendingRemoval(
      session: context.session, label: request.tags.label, conversation: address.conversation, sequence: sequence,
      by: note.by)
    sessions[at: context.place]?.reads.beginErasing()
    let id = removals.begin(pending)
    actions.append(.erase(id, address.conversation, sequence: sequence, author: author, note: note))
  }

  private func lastPublished(in conversation: Conversation, _ context: RequestContext) -> Int? {
    if case .room(let room) = conversation { return rooms[room]?.head }
    return context.presence.flatMap { head(of: conversation, for: $0.member) }
  }

  mutating func answerErased(
    _ id: EraseID, _ outcome: Result<StoredMessage?, HubEvent.StorageFailure>, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) {
    guard let pending = removals.finish(id) else { return }
    switch outcome {
    case .success(let message?) where message.kind != .removed:
      finish(pending, into: &actions)
    case .success: refuse(RequestError(.notFound, .remove), pending, into: &actions)
    case .failure:
      let text = "The server cannot take messages away at the moment; nothing was changed."
      refuse(RequestError(.storageUnavailable, .remove, text: text), pending, into: &actions)
    }
    guard !pending.isAnswered else { return }
    sessions[pending.session]?.reads.finishErasing()
    obeyWaiting(of: pending.session, at: now, into: &actions)
    changeHold(of: pending.session, into: &actions)
  }

  private func refuse(_ error: RequestError, _ pending: Removals.PendingRemoval, into actions: inout [HubAction]) {
    guard sessions[pending.session] != nil, !pending.isAnswered else { return }
    var tags = Tags()
    tags.label = pending.label
    actions.append(.send(pending.session, .error(ErrorReply(error)), tags))
  }

  private mutating func finish(_ pending: Removals.PendingRemoval, into actions: inout [HubAction]) {
    if sessions[pending.session] != nil, !pending.isAnswered {
      var tags = Tags()
      tags.label = pending.label
      actions.append(.send(pending.session, .ok(.remove), tags))
    }
    let place = Removals.Place(conversation: pending.conversation, sequence: pending.sequence)
    var removal = Removals.Removal(place: place, by: pending.by, wasTopic: false)
    switch pending.conversation {
    case .room(let room):
      var tags = Tags()
      tags.setRoom(room)
      actions.append(.publish(.removed(.room(room), pending.sequence, by: pending.by), in: room, Tags()))
      removal.wasTopic = rooms[room]?.topic?.sequence == pending.sequence
      if removal.wasTopic {
        rooms.update(room) { $0.topic = nil }
        actions.append(.publish(.topic(from: pending.by, text: ""), in: room, tags))
      }
    case .pair(let pair):
      for member in Set([pair.first, pair.second]).sorted() {
        for id in members[member]?.sessions ?? [] { tell(removal, of: pair, to: id, member, into: &actions) }
      }
    }
    removals.note(removal)
  }

  private func tell(
    _ removal: Removals.Removal, of pair: Conversation.Pair, to id: SessionID, _ member: MemberID,
    into actions: inout [HubAction]
  ) {
    let other = pair.other(than: member)
    let known = members[member]?.record.correspondents.first { $0.member == other }
    guard let session = sessions[id], session.lag == nil, let name = members[other]?.name ?? known?.name,
      bearer(of: name, for: member)?.member == other
    else { return }
    // A conversation that was not introduced to the session has no message that could be removed.
    if session.isSynchronized, session.introducedHead(of: other, named: name) == nil { return }
    actions.append(.send(id, .removed(.person(name), removal.place.sequence, by: removal.by), Tags()))
  }

  /// Sends a session the removals that happened while it lagged.
  func tellRemovals(
    since count: Int, to id: SessionID, _ presence: Session.Presence, into actions: inout [HubAction]
  ) {
    for removal in removals.since(count) {
      switch removal.place.conversation {
      case .room(let room):
        guard sessions[id]?.isIn(room) == true else { continue }
        actions.append(.send(id, .removed(.room(room), removal.place.sequence, by: removal.by), Tags()))
        guard removal.wasTopic, rooms[room]?.topic == nil else { continue }
        var tags = Tags()
        tags.setRoom(room)
        actions.append(.send(id, .topic(from: removal.by, text: ""), tags))
      case .pair(let pair):
        guard pair.contains(presence.member) else { continue }
        tell(removal, of: pair, to: id, presence.member, into: &actions)
      }
    }
  }
}
