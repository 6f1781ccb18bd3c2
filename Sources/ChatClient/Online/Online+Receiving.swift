import ChatProtocol

extension Online {
  /// - Returns: why the server is about to hang up, where it says so.
  mutating func receive(
    _ line: Result<Line, LineFault>, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> Farewell? {
    heartbeat.heard()
    guard case .success(let line) = line else {
      link.tell(words: "The server sent a line that cannot be read.", at: moment.now, into: &actions)
      return nil
    }
    let tags = line.tags
    switch ServerMessage(reading: line, in: link.dialect) {
    case .ok: accept(tags, at: moment, into: &actions)
    case .error(let reply): refuse(reply, label: tags.label, at: moment, into: &actions)
    case .message(let author, let text):
      message(text, from: author, toRoom: true, at: tags.time, moment: moment, into: &actions)
    case .direct(let author, let text):
      message(text, from: author, toRoom: false, at: tags.time, moment: moment, into: &actions)
    case .user(let name):
      answered()
      let person = Person(name, away: tags.away.map(DisplayText.sanitize))
      if !census.count(person, batch: tags.batch, at: moment.now), tags.batch == nil { meet(name, into: &actions) }
    case .users(let names):
      answered()
      var whole = Roster()
      for name in names { whole.insert(Person(name)) }
      finishCensus(whole: whole, at: moment.now, into: &actions)
    case .pong: pong(label: tags.label, at: moment, into: &actions)
    case .info(.disconnected(let name)): leave(name, reason: "disconnected", into: &actions)
    case .info(.other(let text)):
      if let reason = ByeReason(rawValue: text) { return Farewell(reason) }
      link.tell(words: text, at: moment.now, into: &actions)
    case .joined(let name): meet(name, into: &actions)
    case .left(let name, let reason): leave(name, reason: reason.words, into: &actions)
    case .away(let name, let text):
      let text = DisplayText.sanitize(text)
      if roster.set(away: text, of: name) { actions.append(.tell(.away(name, text: text))) }
    case .back(let name):
      if roster.set(away: nil, of: name) { actions.append(.tell(.back(name))) }
    case .capabilities: break
    case .batchStart(let reference, let kind, _):
      if kind.lowercased() == "who" { census.beginBatch(reference, label: tags.label) }
    case .batchEnd(let reference):
      if census.ends(atBatch: reference) { finishCensus(at: moment.now, into: &actions) }
    case .messageOfTheDay(let text): actions.append(.tell(.messageOfTheDay(DisplayText.sanitize(text))))
    case .bye(let reason, _): return Farewell(reason)
    case .room, .topic, .sync, .gap, .reset, .mark: break
    case .unrecognised(let text): link.tell(words: text, at: moment.now, into: &actions)
    }
    return nil
  }

  // MARK: Answers

  private mutating func answered() {
    hasAnswered = true
    busyUntil = nil
  }

  private mutating func accept(_ tags: Tags, at moment: Moment, into actions: inout [ClientSession.Action]) {
    busyUntil = nil
    guard !link.isTagged || tags.label != nil else { return }
    if let event = sends.accept(label: tags.label, at: tags.time, moment: moment) { actions.append(.tell(event)) }
  }

  private mutating func pong(label: String?, at moment: Moment, into actions: inout [ClientSession.Action]) {
    answered()
    guard let index = pings.firstIndex(where: { label == nil || $0.label == label }) else { return }
    let ping = pings.remove(at: index)
    actions.append(.tell(.lag(moment.now - ping.sentAt, wasAsked: ping.wasAsked)))
    guard !link.isTagged else { return }
    for event in sends.confirm(before: ping.line) { actions.append(.tell(event)) }
    if census.ends(atPing: ping.line) { finishCensus(at: moment.now, into: &actions) }
  }

  private mutating func refuse(
    _ reply: ErrorReply, label: String?, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    busyUntil = nil
    if let label {
      if let draft = sends.refuse(label: label) {
        actions.append(.tell(.sendFailed(draft.id, reason: reply.words)))
        return
      }
      if census.isAsked(by: label) { return giveUpCensus(at: moment.now, into: &actions) }
      pings.removeAll { $0.label == label }
    } else if !link.isTagged {
      return refuseOldest(reply, at: moment, into: &actions)
    }
    actions.append(.tell(.serverError(reply.words)))
  }

  /// Without labels an error says nothing of what it answers: that is told by its words, and by what is under way.
  private mutating func refuseOldest(
    _ reply: ErrorReply, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    let words = "\(reply.code) \(reply.text)".lowercased()
    let isAboutCommand = words.contains("command") || (words.contains("unknown") && !words.contains("user"))
    if !isAboutCommand, let draft = sends.refuse(reply.knownCode) {
      actions.append(.tell(.sendFailed(draft.id, reason: reply.words)))
    } else if let ping = pings.first {
      hasAnswered = true
      pings.removeFirst()
      // It has read what came before, as a PONG would say.
      for event in sends.confirm(before: ping.line) { actions.append(.tell(event)) }
      if census.ends(atPing: ping.line) { finishCensus(at: moment.now, into: &actions) }
      if ping.wasAsked { actions.append(.tell(.serverError("The server does not answer pings."))) }
    } else if case .asked = census.state {
      hasAnswered = true
      giveUpCensus(at: moment.now, into: &actions)
    } else if let draft = sends.refuse(reply.knownCode) {
      actions.append(.tell(.sendFailed(draft.id, reason: reply.words)))
    } else {
      actions.append(.tell(.serverError(reply.words)))
    }
  }

  private mutating func giveUpCensus(at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    finishCensus(at: now, into: &actions)
    census.giveUp()
  }

  // MARK: Messages

  private mutating func message(
    _ text: String, from author: Nickname, toRoom: Bool, at time: Timestamp?, moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    var post = Post(
      conversation: toRoom ? .lobby : .person(author), author: author, text: DisplayText.sanitize(text),
      time: time ?? moment.wall, isOwn: author == name)
    if post.isOwn {
      busyUntil = nil
      switch sends.echo(of: text, toRoom: toRoom, isExact: link.isTagged) {
      case .answers(let draft):
        post.answersSend = draft.id
        post.conversation = draft.recipient
      case .wasShown: return
      case .unknown: break
      }
    } else if !link.hasPresence {
      // Nobody is told who comes: that somebody speaks is the first that is heard of them.
      meet(author, into: &actions)
    }
    actions.append(.tell(.message(post)))
  }

  // MARK: Who is here

  private mutating func meet(_ name: Nickname, into actions: inout [ClientSession.Action]) {
    if roster.insert(unlessKnown: name) { actions.append(.tell(.joined(name, .lobby))) }
  }

  private mutating func leave(_ name: Nickname, reason: String, into actions: inout [ClientSession.Action]) {
    guard name != self.name else { return }
    roster.remove(name)
    census.forget(name)
    actions.append(.tell(.left(name, .lobby, reason: reason)))
  }
}

extension LeaveReason {
  /// What follows "has left: ".
  fileprivate var words: String {
    switch self {
    case .quit: "said goodbye"
    case .closed: "closed the connection"
    case .lost: "the connection broke"
    case .idle: "was idle for too long"
    case .slow: "read too slowly"
    case .parted: "left the room"
    }
  }
}

extension Farewell {
  init(_ reason: ByeReason) {
    switch reason {
    case .idle: self.init(reason: "the server heard nothing from us for too long")
    case .shutdown: self.init(reason: "the server is shutting down")
    case .slow: self.init(reason: "we read more slowly than the others write")
    case .takenOver: self.init(reason: "connected anew from elsewhere")
    }
  }
}
