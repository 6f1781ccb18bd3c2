import ChatModel
import ChatProtocol

extension Online {
  /// - Returns: the reason if the server announces that it will disconnect.
  mutating func receive(
    _ line: Result<Line, LineFault>, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) -> DisconnectReason? {
    heartbeat.heard()
    guard case .success(let line) = line else {
      link.tell(words: "The server sent a line that cannot be read.", at: moment.now, into: &actions)
      return nil
    }
    guard link.isTagged else { return receivePlain(line, &serverState, at: moment, into: &actions) }
    let tags = line.tags
    let message = ServerMessage(reading: line, in: link.capabilities)
    switch message {
    case .ok: accept(tags, &serverState, at: moment, into: &actions)
    case .error(let reply): refuse(reply, label: tags.label, &serverState, at: moment, into: &actions)
    case .message, .direct, .topic: said(message, tags, &serverState, at: moment, into: &actions)
    case .user(let name):
      identify(name, tags, &serverState, into: &actions)
      count(name, tags, at: moment.now, into: &actions)
    case .users(let names):
      answered()
      var whole = Roster()
      for name in names { whole.insert(Person(name)) }
      finishRosterPoll(whole: whole, at: moment.now, into: &actions)
    case .pong: pong(label: tags.label, &serverState, at: moment, into: &actions)
    case .info(.disconnected(let name)): leave(name, reason: "disconnected", into: &actions)
    case .info(.other(let text)):
      if let reason = ByeReason(rawValue: text) { return DisconnectReason(reason) }
      if let idleTimeout = tags.idleTimeout {
        heartbeat.learn(idleTimeout: idleTimeout)
        break
      }
      if let isOperator = tags.operatorChange { actions.append(.tell(.operatorChanged(isOperator))) }
      link.tell(words: text, at: moment.now, into: &actions)
    case .joined(let name):
      identify(name, tags, &serverState, into: &actions)
      come(name, tags, serverState, into: &actions)
    case .left(let name, let reason): go(name, reason, tags, &serverState, into: &actions)
    case .away(let name, let text): setAway(Self.shownAway(text), name, &serverState, into: &actions)
    case .back(let name): setAway(nil, name, &serverState, into: &actions)
    case .capabilities: break
    case .batchStart(let reference, let kind, let target):
      begin(batch: reference, kind: kind.lowercased(), target, tags, at: moment.now)
    case .batchEnd(let reference):
      if rosterPoll.ends(atBatch: reference) { finishRosterPoll(at: moment.now, into: &actions) }
      end(batch: reference, &serverState, at: moment, into: &actions)
    case .messageOfTheDay(let text):
      link.tell(line: .messageOfTheDay(DisplayText.sanitize(text)), at: moment.now, into: &actions)
    case .bye(let reason, let text): return DisconnectReason(reason, text: text)
    case .room(let room, let people, let topic):
      guard let batch = tags.batch else { break }
      batches.append(RoomListing(name: room, people: people, topic: DisplayText.sanitize(topic)), to: batch)
    case .sync(let target, let epoch, let head):
      sync(target, epoch, head: head, tags, &serverState, at: moment.now, into: &actions)
    case .gap(let target, let from, let to): gap(target, from, to, &serverState, at: moment.now, into: &actions)
    case .reset(let target, let epoch): reset(target, epoch, &serverState, into: &actions)
    case .mark(let target, let sequence):
      guard serverState.conversations.contains(target), serverState.marks.learn(target, upTo: sequence) else { break }
      actions.append(.tell(.marked(target, sequence)))
    case .redacted(let target, let sequence, let name):
      guard isOurs(target, serverState), serverState.conversations.contains(target) else { break }
      batches.redact(target, sequence)
      serverState.conversations.change(target) { $0.redact(sequence) }
      actions.append(.tell(.redacted(target, sequence, by: name)))
    case .key, .sanction, .operatorName, .act:
      guard let batch = tags.batch else { break }
      batches.append(message, to: batch)
    case .challenge: break
    case .unrecognised(let text): link.tell(words: text, at: moment.now, into: &actions)
    }
    return nil
  }

  mutating func answered() {
    hasAnswered = true
    assumedLogin = nil
    busyUntil = nil
  }
}
