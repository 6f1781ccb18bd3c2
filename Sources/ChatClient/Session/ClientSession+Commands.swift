import ChatModel
import ChatProtocol

extension ClientSession {
  mutating func obey(_ command: ClientCommand, at moment: Moment) {
    switch command {
    case .say(let id, let target, let text): say(OutgoingMessage(id: id, target: target, text: text, time: moment.wall))
    case .takeOver(let sends):
      for sent in sends { say(sent) }
    case .who:
      withOnline {
        if $0.link.isTagged { $0.rosterPoll.request(at: moment.now) } else { $0.poll.request(at: moment.now) }
      }
    case .ping: withOnline { $0.wantsPing = true }
    case .away(let text): away(text)
    case .useName(let name): use(name, at: moment)
    case .connect(let endpoint, let memory): connect(to: endpoint, memory, at: moment)
    case .join(let room): join(room)
    case .part(let room): part(room, at: moment)
    case .listRooms: listRooms(at: moment)
    case .setTopic(let room, let text): setTopic(text, in: room, at: moment)
    case .showOlder(let target, let bound): showOlder(target, before: bound, at: moment)
    case .search(let number, let target, let text, let before):
      search(number, in: target, text, before: before, at: moment)
    case .readHistory(let number, let target, let range, let limit):
      readHistory(number, target, range, limit: limit, at: moment)
    case .markRead(let target, let sequence): markRead(target, sequence)
    case .admin(let request): administer(request, at: moment)
    case .trust(let pin): trust(pin, at: moment)
    case .retryNow:
      if case .waiting = state { open() }
    case .quit: quit(at: moment)
    }
  }

  private mutating func withOnline(_ body: (inout Online) -> Void) {
    guard var online = takeOnline() else { return tell(.notice("There is no connection.")) }
    body(&online)
    state = .online(online)
  }

  // MARK: Sending messages

  private mutating func say(_ outgoing: OutgoingMessage) {
    var outgoing = outgoing
    let wasOpen = outgoing.epoch == nil
    outgoing.epoch = outgoing.epoch ?? serverState.epoch(of: outgoing.target)
    if let reason = objection(to: outgoing.request, text: outgoing.text) {
      tell(.sendFailed(outgoing.id, reason: reason))
    } else if !serverState.outbox.append(outgoing) {
      tell(.sendFailed(outgoing.id, reason: "Too many messages wait to be sent.", failure: .notStored))
    } else if wasOpen, let epoch = outgoing.epoch {
      tell(.addressed(outgoing.id, epoch))
    }
  }

  /// The reason why a request cannot be sent to any server.
  func objection(to request: ClientMessage, text: String) -> String? {
    // A no-break space represents a blank line.
    guard !text.unicodeScalars.allSatisfy({ $0.properties.isWhitespace && $0 != "\u{a0}" }) else {
      return ErrorCode.emptyMessage.explanation
    }
    let lines = MessageLines.count(of: text)
    guard lines <= MessageLines.maximum else {
      return "It has \(lines) lines; a message has at most \(MessageLines.maximum)."
    }
    let excess = request.excessBytes
    return excess > 0 ? "It is \(excess.counted("byte")) too long for one message." : nil
  }

  private mutating func away(_ text: String?) {
    // An empty away text still sets the user away.
    let text = text.map { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) ? "away" : $0 }
    if let text, let reason = objection(to: .away(text), text: text) { return tell(.serverError(reason)) }
    serverState.away.change(to: text)
    guard case .online(let online) = state, !online.knowsAway else { return }
    tell(.notice("This server does not tell the others who is away."))
  }

  // MARK: Connecting and quitting

  private mutating func use(_ name: Nickname, at moment: Moment) {
    switch state {
    case .idle, .connecting, .negotiating, .waiting, .leaving:
      rename(to: name)
    case .choosingName(nil):
      rename(to: name)
      open()
    case .choosingName(.some(let login)):
      rename(to: name)
      logIn(on: login.link, at: moment)
    case .reclaiming(let link, _):
      rename(to: name)
      logIn(on: link, at: moment)
    case .loggingIn(let login):
      guard login.name.text != name.text else { return }
      rename(to: name)
      leave(login.link, next: endpoint, at: moment)
    case .online(let online):
      guard online.name.text != name.text else { return }
      formerName = online.name
      rename(to: name)
      leave(online.link, online: online, next: endpoint, at: moment)
    case .ended: break
    }
  }

  private mutating func connect(to endpoint: Endpoint, _ memory: ClientMemory, at moment: Moment) {
    if case .ended = state { return }
    let isElsewhere = endpoint != self.endpoint
    var former: ServerState?
    if isElsewhere, self.endpoint != nil {
      serverState.end(into: &actions)
      former = serverState
      let away = serverState.away.text
      serverState = ServerState(interests)
      if let away { serverState.away.change(to: away) }
      backoff.reset()
      rotation = HostRotation()
      formerName = nil
      rename(to: name)
    }
    if isElsewhere { recall(memory) }
    self.endpoint = endpoint
    learnSecurity(from: memory)
    switch state {
    case .idle, .waiting, .choosingName(nil): open()
    case .ended: break
    case .leaving(var leaving):
      // After `quit`, the client does not connect again.
      guard leaving.next != nil else { break }
      leaving.next = endpoint
      leaving.former = leaving.former ?? former
      state = .leaving(leaving)
    case .connecting:
      guard isElsewhere else { break }
      actions.append(.close)
      open()
    default:
      guard isElsewhere || speaksToAnother else { break }
      leave(former: former, next: endpoint, at: moment)
    }
  }

  /// Restores what was kept of earlier conversations with the server. Messages written before any server was chosen go
  /// to the first one, after those that were kept.
  private mutating func recall(_ memory: ClientMemory) {
    let early = serverState.outbox.removeAll()
    let away = serverState.away
    serverState = ServerState(memory, interests)
    serverState.away = away
    for kept in memory.unconfirmed { say(kept) }
    for outgoing in early { say(outgoing) }
  }

  private mutating func quit(at moment: Moment) {
    switch state {
    case .idle, .waiting, .choosingName(nil): end()
    case .connecting:
      actions.append(.close)
      end()
    case .leaving(var leaving):
      leaving.next = nil
      state = .leaving(leaving)
    case .negotiating, .loggingIn, .choosingName, .reclaiming, .online: leave(former: nil, next: nil, at: moment)
    case .ended: break
    }
  }

  /// Sends QUIT if there is a connection.
  private mutating func leave(former: ServerState?, next: Endpoint?, at moment: Moment) {
    switch state {
    case .negotiating(let link, _), .reclaiming(let link, _): leave(link, former: former, next: next, at: moment)
    case .loggingIn(let login), .choosingName(.some(let login)):
      leave(login.link, former: former, next: next, at: moment)
    case .online(let online): leave(online.link, online: online, former: former, next: next, at: moment)
    case .idle, .connecting, .choosingName(nil), .leaving, .waiting, .ended: break
    }
  }
}
