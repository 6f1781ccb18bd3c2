import ChatProtocol
import ChatRecords

// A message is stored first, and published when the feed brings it.

extension Hub {
  mutating func send(
    _ text: String, _ kind: MessageKind, to target: Target, _ turn: inout Turn
  ) throws(RequestError) {
    let message = try newMessage(text, kind, to: target, turn)
    noteWritten(message, turn)
    store(message, &turn)
  }

  private func newMessage(
    _ text: String, _ kind: MessageKind, to target: Target, _ turn: borrowing Turn
  ) throws(RequestError) -> NewMessage {
    let presence = try turn.caller.requireLogin()
    try registry.mustNotBeMuted(turn)
    let text = try checked(text)
    var key: IdempotencyKey?
    if !turn.caller.tags.isEmpty, let chosen = turn.caller.tags[.cid] {
      key = IdempotencyKey(chosen)
      guard key != nil else { throw RequestError(.invalidKey) }
    }
    guard kind == .text || text.utf8.count <= Room.maximumTopic else { throw RequestError(.topicTooLong) }
    switch target {
    case .room(let room):
      let room = try nameOfJoined(room, turn.caller)
      if room != .lobby, rooms[room]?.isFounded == false {
        try rooms.mustBeAllowedToFound(registry.maker(presence, turn.caller.peer), settings.limits, turn)
      }
      try rooms.mustNotBeTooFast(
        registry.writer(presence, turn.caller.peer), in: room, every: registry.slowness(of: room, for: turn.caller),
        key: key, turn)
      return NewMessage(
        conversation: .room(room), author: presence.name, member: presence.member, kind: kind, text: text, key: key)
    case .person(let name):
      guard let reader = reader(named: name, turn.caller) else { throw RequestError(.userNotFound) }
      if !turn.caller.tags.isEmpty, let person = turn.caller.tags.epoch?.person, person != reader.member.description {
        let text = "\(reader.name) is another person now; send it again if it is meant for them."
        throw RequestError(.recipientChanged, text: text)
      }
      return NewMessage(
        conversation: .pair(Conversation.Pair(presence.member, reader.member)), author: presence.name,
        member: presence.member, reader: reader.name, text: text, key: key)
    }
  }

  /// The text in its normal form: not every dialect limits the lines of a text.
  private func checked(_ text: String) throws(RequestError) -> String {
    guard MessageLines.areSeveral(in: text) else { return text }
    let normalized = MessageLines.normalized(text)
    guard !normalized.isEmpty else { throw RequestError(.emptyMessage) }
    guard MessageLines.count(of: normalized) <= MessageLines.maximum else { throw RequestError(.tooManyLines) }
    return normalized
  }

  private mutating func store(_ message: NewMessage, _ turn: inout Turn) {
    stores.begin(message, &turn)
    sessions[at: turn.caller.place].backlog.beginStoring(bytes: message.text.utf8.count)
    sessions.changeHold(of: turn.caller.session, at: turn.caller.place, &turn)
  }

  /// Publishes a message that the feed has brought.
  mutating func apply(_ message: StoredMessage, _ turn: inout Turn) {
    let sender = stores.sender(of: message.id)
    if sender == nil, case .room(let room) = message.conversation { noteWritten(elsewhere: message, in: room, turn) }
    publish(redactions.applied(to: message), from: sender, &turn)
    stores.reach(message.id)
    answerStored(&turn)
  }

  mutating func settle(_ outcome: PendingStores.Outcome, _ turn: inout Turn) {
    stores.settle(outcome)
    answerStored(&turn)
  }

  private mutating func answerStored(_ turn: inout Turn) {
    while let (request, outcome) = stores.next() { answer(request, outcome, &turn) }
    while let proposal = stores.nextFollower() { reject(proposal, .outdated, &turn) }
  }

  private mutating func answer(
    _ pendingStore: PendingStores.PendingStore, _ outcome: PendingStores.Outcome, _ turn: inout Turn
  ) {
    let address = pendingStore.address
    let id = address.session
    switch outcome {
    case .success(.stored(let message)):
      confirm(message, to: address, isDuplicate: false, &turn)
      if pendingStore.hasLostRoom { takeAway(message, &turn) }
    case .success(.duplicate(let message)): confirm(message, to: address, isDuplicate: true, &turn)
    case .success(.conflict):
      sessions.refuse(.keyConflict, to: address, &turn)
    case .failure(let failure):
      let text = failure.isFull ? "The server's disk is full; it was not sent." : nil
      sessions.refuse(.storageUnavailable, text: text, to: address, &turn)
    }
    guard let place = sessions.place(of: id) else { return }
    sessions[at: place].backlog.endStoring(bytes: pendingStore.bytes)
    guard sessions[at: place].backlog.isDue else {
      return sessions.changeHold(of: id, at: place, &turn)
    }
    goOn(id, &turn)
  }

  private mutating func publish(_ message: StoredMessage, from session: SessionID?, _ turn: inout Turn) {
    switch message.conversation {
    case .room(let name):
      if rooms.isDeleted(name) {
        deleteAgain(name, with: message, isOwn: session != nil, &turn)
      } else {
        rooms.advance(name, to: message, in: epochs.number)
      }
      turn.emit(.post(message, from: session))
    case .pair(let pair):
      let reader = pair.other(than: message.member)
      deliver(message, to: reader, of: message.member, named: message.author, &turn)
      guard reader != message.member, let name = message.reader else { return }
      deliver(message, to: message.member, of: reader, named: name, isOwn: true, except: session, &turn)
    }
  }

  /// Delivers a message to one member of a pair.
  /// - Parameters:
  ///   - other: the other member of the pair.
  ///   - isOwn: the member has sent the message.
  ///   - session: the session that sent it, which gets `OK` instead.
  private mutating func deliver(
    _ message: StoredMessage, to member: MemberID, of other: MemberID, named name: Nickname, isOwn: Bool = false,
    except session: SessionID? = nil, _ turn: inout Turn
  ) {
    guard let place = people.place(of: member), people[at: place].record.knowledge != .elsewhere else { return }
    let wasTold = people[at: place].record.note(message, in: epochs.number, with: other, named: name)
    var tags: Tags?
    for id in people[at: place].sessions where id != session {
      guard let reader = sessions.place(of: id), sessions[at: reader].lag == nil else { continue }
      // A member's own messages from another terminal are sent only to clients that support conversations.
      if isOwn, sessions[at: reader].capabilities.isDisjoint(with: [.rooms, .history]) { continue }
      // The head already sent to this session included the message: the client reads it from history.
      if wasTold, message.sequence <= sessions[at: reader].introducedHead(of: other, named: name) ?? 0 { continue }
      introduce(other, named: name, head: message.sequence - 1, to: id, &turn)
      // Plain sessions read no tags, which cost more than the line itself.
      let readsTags = sessions[at: reader].capabilities.contains(.tags)
      if readsTags, tags == nil {
        tags = message.tags
        if member == message.member { tags?.reader = message.reader }
      }
      turn.send(message.line, readsTags ? tags ?? Tags() : Tags(), to: id)
    }
  }

  private mutating func confirm(
    _ message: StoredMessage, to address: ReplyAddress, isDuplicate: Bool, _ turn: inout Turn
  ) {
    // For a plain session the published message itself is the answer.
    guard let place = sessions.place(of: address.session), sessions[at: place].capabilities.contains(.tags)
    else { return }
    if case .pair(let pair) = message.conversation, let name = message.reader {
      let other = pair.other(than: message.member)
      // Other messages may follow a duplicate. If their number is unknown, the state of the pair is sent later.
      let head = isDuplicate ? people[message.member]?.record.head(with: other) : message.sequence - 1
      if let head { introduce(other, named: name, head: head, to: address.session, &turn) }
    }
    turn.replyOK(to: address) {
      message.addPlace(to: &$0)
      if isDuplicate { $0.isDuplicate = true }
    }
  }
}
