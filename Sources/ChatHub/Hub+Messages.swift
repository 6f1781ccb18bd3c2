import ChatProtocol

// A message is stored first, and published once the log has confirmed it.

extension Hub {
  /// - Returns: the message that the request sends; nil if the request is of another kind.
  func newMessage(
    _ message: ClientMessage, _ request: Request, _ context: RequestContext, at now: MonotonicTime
  ) throws(RequestError) -> NewMessage? {
    let target: Target
    var text: String
    var kind = MessageKind.text
    switch message {
    case .message(let said): (target, text) = (.lobby, said)
    case .direct(let name, let said): (target, text) = (.person(name), said)
    case .say(let named, let said): (target, text) = (named, said)
    case .topic(let room, let topic):
      (target, text, kind) = (.room(room), topic ?? "", .topic)
    default: return nil
    }
    guard let presence = context.presence else { throw RequestError(.notLoggedIn, request.verb) }
    try mustNotBeMuted(context, request.verb)
    var key: IdempotencyKey?
    if !request.tags.isEmpty, let chosen = request.tags["cid"] {
      key = IdempotencyKey(chosen)
      guard key != nil else { throw RequestError(.invalidKey, request.verb) }
    }
    guard kind == .text || text.utf8.count <= Room.maximumTopic else { throw RequestError(.topicTooLong, .topic) }
    switch target {
    case .room(let room):
      let room = try nameOfJoined(room, context, request.verb)
      if room != .lobby, rooms[room]?.isFounded == false {
        try mayFound(maker(presence, sessions[at: context.place]?.peer), request.verb, at: now)
      }
      try mayWrite(to: room, key: key, presence, request, context, at: now)
      return NewMessage(
        conversation: .room(room), author: presence.name, member: presence.member, kind: kind, text: text, key: key)
    case .person(let name):
      guard let reader = reader(named: name, context) else { throw RequestError(.userNotFound, request.verb) }
      if !request.tags.isEmpty, let person = request.tags.epoch?.person, person != reader.member.description {
        let text = "\(reader.name) is another person now; send it again if it is meant for them."
        throw RequestError(.recipientChanged, request.verb, text: text)
      }
      return NewMessage(
        conversation: .pair(Conversation.Pair(presence.member, reader.member)), author: presence.name,
        member: presence.member, reader: reader.name, text: text, key: key)
    }
  }

  mutating func store(
    _ message: NewMessage, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) {
    let bytes = message.text.utf8.count
    let verb = request.verb ?? .message
    tickets.append(PendingStore(session: context.session, verb: verb, label: request.tags.label, bytes: bytes))
    actions.append(.store(message))
    sessions[at: context.place]?.backlog.beginStoring(bytes: bytes)
    changeHold(of: context.session, at: context.place, into: &actions)
  }

  mutating func answerStored(
    _ outcome: Result<StoreOutcome, HubEvent.StorageFailure>, at now: MonotonicTime,
    into actions: inout [HubAction]
  ) {
    guard let pendingStore = tickets.popFirst() else { return }
    answered += 1
    switch outcome {
    case .success(.stored(let message)):
      publish(removals.applied(to: message), from: pendingStore.session, into: &actions)
      confirm(message, pendingStore, isDuplicate: false, into: &actions)
    case .success(.duplicate(let message)): confirm(message, pendingStore, isDuplicate: true, into: &actions)
    case .success(.conflict):
      refuse(ErrorReply(RequestError(.keyConflict, pendingStore.verb)), pendingStore, into: &actions)
    case .failure(let failure):
      var reply = ErrorReply(RequestError(.storageUnavailable, pendingStore.verb))
      if failure.isFull { reply.text = "The server's disk is full; it was not sent." }
      refuse(reply, pendingStore, into: &actions)
    }
    guard let place = sessions.place(of: pendingStore.session) else { return }
    sessions[at: place]?.backlog.endStoring(bytes: pendingStore.bytes)
    guard sessions[at: place]?.backlog.isDue == true else {
      return changeHold(of: pendingStore.session, at: place, into: &actions)
    }
    obeyWaiting(of: pendingStore.session, at: now, into: &actions)
    changeHold(of: pendingStore.session, into: &actions)
  }

  private mutating func publish(
    _ message: StoredMessage, from session: SessionID, into actions: inout [HubAction]
  ) {
    switch message.conversation {
    case .room(let name):
      let epoch = epochs.number
      if rooms.update(name, { $0.advance(to: message, in: epoch) }) == nil {
        // The room was forgotten when its last member left.
        rooms.insert(name, Room())
        rooms.update(name) { $0.advance(to: message, in: epoch) }
      }
      actions.append(.post(message))
    case .pair(let pair):
      let reader = pair.other(than: message.member)
      deliver(message, to: reader, of: message.member, named: message.author, except: nil, into: &actions)
      guard reader != message.member, let name = message.reader else { return }
      deliver(message, to: message.member, of: reader, named: name, except: session, into: &actions)
    }
  }

  /// Delivers a message to one member of a pair.
  /// - Parameters:
  ///   - other: the other member of the pair.
  ///   - session: the session that sent the message, which gets `OK` instead.
  private mutating func deliver(
    _ message: StoredMessage, to member: MemberID, of other: MemberID, named name: Nickname, except session: SessionID?,
    into actions: inout [HubAction]
  ) {
    guard let place = members.place(of: member) else { return }
    let wasTold =
      members[at: place]?.record.note(message, in: epochs.number, number: answered, with: other, named: name) == true
    var tags = message.tags
    if member == message.member { tags.reader = message.reader }
    for id in members[at: place]?.sessions ?? [] where id != session {
      guard let reader = sessions.place(of: id), sessions[at: reader]?.lag == nil else { continue }
      // A member's own messages from another terminal are sent only to clients that support conversations.
      if session != nil, sessions[at: reader]?.dialect.isDisjoint(with: [.rooms, .history]) == true { continue }
      // The head already sent to this session included the message: the client reads it from history.
      if wasTold, message.sequence <= sessions[at: reader]?.introducedHead(of: other, named: name) ?? 0 { continue }
      introduce(other, named: name, head: message.sequence - 1, to: id, into: &actions)
      actions.append(.send(id, message.line, tags))
    }
  }

  private mutating func confirm(
    _ message: StoredMessage, _ pendingStore: PendingStore, isDuplicate: Bool, into actions: inout [HubAction]
  ) {
    // For a plain session the published message itself is the answer.
    guard let place = sessions.place(of: pendingStore.session), sessions[at: place]?.dialect.contains(.tags) == true
    else { return }
    if case .pair(let pair) = message.conversation, let name = message.reader {
      let other = pair.other(than: message.member)
      let head = isDuplicate ? members[message.member]?.record.head(with: other) : nil
      introduce(other, named: name, head: head ?? message.sequence - 1, to: pendingStore.session, into: &actions)
    }
    var tags = Tags()
    tags.label = pendingStore.label
    message.addPlace(to: &tags)
    if isDuplicate { tags.isDuplicate = true }
    actions.append(.send(pendingStore.session, .ok(pendingStore.verb), tags))
  }

  private func refuse(_ reply: ErrorReply, _ pendingStore: PendingStore, into actions: inout [HubAction]) {
    guard sessions[pendingStore.session] != nil else { return }
    var tags = Tags()
    tags.label = pendingStore.label
    actions.append(.send(pendingStore.session, .error(reply), tags))
  }
}
