import ChatModel
import ChatProtocol

// Messages, and the conversations they belong to.

extension Online {
  /// Whether messages of this conversation are meant for this client.
  func isOurs(_ target: Target, _ serverState: ServerState) -> Bool {
    guard case .room(let room) = target else { return true }
    return serverState.rooms.isJoined(room)
  }

  /// Whether an own message in this conversation may be an unconfirmed send.
  func awaitsVerdict(in target: Target, _ serverState: ServerState) -> Bool {
    sends.awaitsVerdict(in: target) || serverState.awaitsVerdict(in: target)
  }

  mutating func tellWaiting(
    _ target: Target, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {
    let isUnsettled = awaitsVerdict(in: target, serverState)
    serverState.conversations.change(target) { $0.tellWaiting(isUnsettled: isUnsettled, into: &actions) }
  }

  /// Some sends have ended: reports own messages that waited for their confirmation.
  mutating func tellAllWaiting(_ serverState: inout ServerState, into actions: inout [ClientSession.Action]) {
    for target in serverState.conversations.waiting { tellWaiting(target, &serverState, into: &actions) }
  }

  // MARK: Messages

  mutating func said(
    _ line: ServerMessage, _ tags: Tags, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    guard var message = ChatMessage(line, tags, to: name, at: moment.wall) else { return }
    if let reference = tags.batch {
      guard case .messages(let target)? = batches.content(reference) else { return }
      message.isBacklog = true
      // A search finds messages of any conversation.
      if let target { message.target = target }
      return batches.append(message, to: reference)
    }
    guard isOurs(message.target, serverState) else { return }
    if case .topic(_, let text) = line, message.sequence == nil {
      guard case .room(let room) = message.target else { return }
      return actions.append(.tell(.topic(room, DisplayText.sanitize(text))))
    }
    if !link.hasPresence, !message.isOwn {
      // Without presence, a message is the first sign of its author.
      if link.isTagged { meet(message.author, into: &actions) } else { noticed(message.author, into: &actions) }
    }
    if hasHistory, let sequence = message.sequence, sequence > 0,
      serverState.conversations.adopt(message.target, head: sequence - 1, at: moment.now, into: &actions)
    {
      let isUnsettled = awaitsVerdict(in: message.target, serverState)
      serverState.conversations.change(message.target) {
        $0.receive(message, at: sequence, isUnsettled: isUnsettled, into: &actions)
      }
    } else {
      tellUncounted(message, text: line.text, into: &actions)
    }
  }

  /// Reports a message without a sequence. The send that it echoes is found by its text.
  private mutating func tellUncounted(_ message: ChatMessage, text: String, into actions: inout [ClientSession.Action])
  {
    var message = message
    if message.isOwn, message.kind == .text {
      busyUntil = nil
      var room: RoomName?
      if case .room(let name) = message.target { room = name }
      switch sends.echo(of: text, in: room, isExact: link.isTagged) {
      case .answers(let outgoing):
        message.answersSend = outgoing.id
        message.target = outgoing.target
      case .wasShown: return
      case .unknown: break
      }
    }
    actions.append(.tell(.message(message)))
  }

  /// The server has stored the message.
  mutating func confirm(
    _ outgoing: OutgoingMessage, label: String, _ tags: Tags, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    guard isOurs(outgoing.target, serverState) else {
      // The client has left the room in the meantime.
      _ = sends.take(label: label)
      return actions.append(.tell(.sendConfirmed(outgoing.id, sequence: nil, time: tags.time ?? moment.wall)))
    }
    // A message stored by an earlier attempt may be followed by others by now.
    let head = tags.isDuplicate ? nil : tags.sequence.map { $0 - 1 }
    guard hasHistory, let sequence = tags.sequence, sequence > 0,
      serverState.conversations.adopt(outgoing.target, head: head, at: moment.now, into: &actions)
    else {
      if let event = sends.accept(label: label, at: tags.time, moment: moment) { actions.append(.tell(event)) }
      return
    }
    _ = sends.take(label: label)
    let isUnsettled = awaitsVerdict(in: outgoing.target, serverState)
    serverState.conversations.change(outgoing.target) { track in
      track.settle(
        outgoing.id, at: sequence, messageID: tags.id, time: tags.time ?? moment.wall, isDuplicate: tags.isDuplicate,
        isUnsettled: isUnsettled, into: &actions)
    }
  }

  // MARK: Positions

  mutating func sync(
    _ target: Target, _ epoch: Epoch, head: Int, _ tags: Tags, _ serverState: inout ServerState, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) {
    guard hasHistory else { return }
    // For a JOIN, the OK comes first; for a resumed room, SYNC is the first sign.
    if case .room(let room) = target, room != .lobby {
      guard serverState.rooms.contains(room) else {
        // Left while the resume was under way.
        if pushed.contains(target) { part(room, at: now, into: &actions) }
        return
      }
      guard !isFromBeforeLeaving(room, serverState) else { return }
      joined(as: room, &serverState, into: &actions)
    }
    let isPushed = pushed.remove(target) != nil
    let known = serverState.epoch(of: target)
    let isAnother = serverState.conversations.sync(
      target, epoch: epoch, since: tags.since, head: head, mark: tags.mark, isPushed: isPushed, at: now, into: &actions)
    if case .person(let name) = target {
      let isNews = serverState.people.note(name, epoch)
      if isNews || (known?.person != nil && known?.person != epoch.person) {
        actions.append(.tell(.otherPerson(name)))
      }
    }
    // A read mark refers to another message in the new conversation.
    if isAnother { serverState.marks.forget(target) }
    if let mark = tags.mark, serverState.conversations.contains(target) {
      _ = serverState.marks.learn(target, upTo: mark)
    }
  }

  /// Whether a position of the room answers a JOIN from before the user left the room: a room whose JOIN is still to be
  /// sent has none, unless the server is resuming it.
  private func isFromBeforeLeaving(_ room: RoomName, _ serverState: ServerState) -> Bool {
    serverState.rooms.isWaiting(room) && !pushed.contains(.room(room))
  }

  mutating func gap(
    _ target: Target, _ from: Int, _ to: Int, _ serverState: inout ServerState, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) {
    guard hasHistory, from > 0, to >= from else { return }
    if serverState.conversations.contains(target) {
      serverState.conversations.change(target) { $0.gap(to: to, into: &actions) }
    } else if isOurs(target, serverState) {
      _ = serverState.conversations.adopt(target, head: nil, at: now, into: &actions)
    }
    // Presence lines may have been left out too.
    if rosterPoll.suspect(at: now) { serverState.rooms.wantRosters() }
  }

  mutating func reset(
    _ target: Target, _ epoch: Epoch, _ serverState: inout ServerState, into actions: inout [ClientSession.Action]
  ) {
    guard hasHistory else { return }
    if case .room(let room) = target, room != .lobby {
      guard serverState.rooms.contains(room), !isFromBeforeLeaving(room, serverState) else { return }
      joined(as: room, &serverState, into: &actions)
    }
    if serverState.conversations.reset(target, to: epoch, into: &actions) { serverState.marks.forget(target) }
  }
}

extension ServerMessage {
  /// The text as received.
  fileprivate var text: String {
    switch self {
    case .message(_, let text), .direct(_, let text), .topic(_, let text): text
    default: ""
    }
  }
}

extension ChatMessage {
  /// - Parameters:
  ///   - reader: the name of this client's user.
  ///   - wall: the time to use if the server does not send one.
  init?(_ message: ServerMessage, _ tags: Tags, to reader: Nickname, at wall: Timestamp) {
    let target: Target
    let author: Nickname
    let text: String
    var kind = MessageKind.text
    switch message {
    case .message(let sender, let words): (target, author, text) = (.room(tags.room ?? .lobby), sender, words)
    case .topic(let sender, let words):
      (target, author, text) = (.room(tags.room ?? .lobby), sender, words)
      kind = .topic
    case .direct(let sender, let words):
      // Own messages from another terminal carry their recipient in a tag.
      let isOwn = sender == reader
      (target, author, text) = (.person(isOwn ? tags.reader ?? sender : sender), sender, words)
    default: return nil
    }
    // The text of a redacted message is only for programs that do not support redaction.
    if tags.isRedacted { kind = .redacted }
    self.init(
      target: target, kind: kind, author: author,
      text: tags.isRedacted ? "" : kind == .topic ? DisplayText.sanitize(text) : DisplayText.sanitizeLines(text),
      time: tags.time ?? wall, isOwn: author == reader, sequence: tags.sequence, id: tags.id)
  }
}
