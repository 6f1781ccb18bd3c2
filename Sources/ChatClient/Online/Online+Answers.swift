import ChatModel
import ChatProtocol

// Answers from the server to this client's requests.

extension Online {
  mutating func accept(
    _ tags: Tags, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    busyUntil = nil
    guard link.isTagged else {
      assumedLogin = nil
      if let event = sends.accept(label: nil, at: tags.time, moment: moment) { actions.append(.tell(event)) }
      return
    }
    guard let label = tags.label else { return }
    if let request = requests.request(label: label) {
      guard request.content == nil else { return }
      _ = requests.take(label: label)
      request.accepted(tags, on: &self, &serverState, at: moment, into: &actions)
    } else if let outgoing = sends.outgoing(label: label) {
      confirm(outgoing, label: label, tags, &serverState, at: moment, into: &actions)
    }
  }

  mutating func pong(
    label: String?, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    answered()
    knowsPings = true
    guard let index = pings.firstIndex(where: { label == nil || $0.label == label }) else { return }
    let ping = pings.remove(at: index)
    actions.append(.tell(.lag(moment.now - ping.sentAt, wasAsked: ping.wasAsked)))
    guard link.isTagged else { return passed(ping, &serverState, at: moment, into: &actions) }
    // The answer may have overtaken those to messages, and to the requests behind them, which are still to come.
    guard sends.extendDeadlines(at: moment.now) else { return }
    requests.extendDeadlines(at: moment.now)
    rosterPoll.extendDeadline(at: moment.now)
  }

  /// A server without tags has processed all lines before this `PING`.
  private mutating func passed(
    _ ping: Ping, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    answersPings = true
    held.noteLag(moment.now - ping.sentAt)
    let early = poll.restart(behind: ping.line, known: Set(roster.people.map(\.name)))
    for text in early { settleWords(text, &serverState, at: moment, into: &actions) }
    if poll.ends(atPing: ping.line) { finishPoll(.marked, &serverState, at: moment, into: &actions) }
    poll.revive(at: moment.now)
    for event in sends.confirm(before: ping.line, at: moment.now) { actions.append(.tell(event)) }
  }

  mutating func refuse(
    _ reply: ErrorReply, label: String?, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    busyUntil = nil
    if let label {
      if let outgoing = sends.take(label: label) {
        let words = reply.words(isTagged: link.isTagged)
        actions.append(.tell(.sendFailed(outgoing.id, reason: words, failure: .refused(reply.knownCode))))
        return tellWaiting(outgoing.target, &serverState, into: &actions)
      }
      if let request = requests.take(label: label) {
        let reason = reply.words(isTagged: link.isTagged)
        return request.refused(reason: reason, on: &self, &serverState, at: moment, into: &actions)
      }
      if rosterPoll.isAsked(by: label) { return giveUpRosterPoll(at: moment.now, into: &actions) }
      pings.removeAll { $0.label == label }
    } else if !link.isTagged {
      return refuseOldest(reply, &serverState, at: moment, into: &actions)
    }
    link.tell(line: .serverError(reply.words(isTagged: link.isTagged)), at: moment.now, into: &actions)
  }

  /// Without labels, an error does not name the request it answers. The request is inferred from the error's words,
  /// from the pending requests, and from the server's habits.
  private mutating func refuseOldest(
    _ reply: ErrorReply, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    if assumedLogin != nil, reply.deniesLogin { return loginDenial = reply }
    let isRefusal = habits.isRefusal(reply)
    let words = "\(reply.code) \(reply.text)".lowercased()
    let isAboutCommand =
      isRefusal || words.contains("command") || (words.contains("unknown") && !words.contains("user"))
    if isAboutCommand, refuseQuestion(reply, &serverState, at: moment, into: &actions) { return }
    if isLeaving, isRefusal { return }
    if let refused = sends.refuse(reply.knownCode) {
      // The server read the earlier lines before this one.
      for event in sends.confirm(before: refused.line, at: moment.now) { actions.append(.tell(event)) }
      let words = reply.words(isTagged: false)
      actions.append(.tell(.sendFailed(refused.outgoing.id, reason: words, failure: .refused(reply.knownCode))))
    } else if !refuseQuestion(reply, &serverState, at: moment, into: &actions), !isLeaving {
      link.tell(line: .serverError(reply.words(isTagged: false)), at: moment.now, into: &actions)
    }
  }

  /// - Returns: false if no pending request (`WHO` or `PING`) could be answered with an error.
  private mutating func refuseQuestion(
    _ reply: ErrorReply, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> Bool {
    let ping = knowsPings ? nil : pings.first
    let who = poll.isUsable || poll.hasHeard ? nil : poll.line
    guard ping != nil || who != nil else { return false }
    hasAnswered = true
    habits.noteRefusal(reply)
    if let who, ping.map({ who < $0.line }) ?? true {
      finishPoll(.refused, &serverState, at: moment, into: &actions)
    } else if let ping {
      pings.removeFirst()
      // Like a PONG, the error shows that the server has read all earlier lines.
      passed(ping, &serverState, at: moment, into: &actions)
      if ping.wasAsked { actions.append(.tell(.serverError("The server does not answer pings."))) }
    }
    return true
  }

  private mutating func giveUpRosterPoll(at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    finishRosterPoll(at: now, into: &actions)
    rosterPoll.giveUp()
  }

  // MARK: Batches

  mutating func begin(batch reference: String, kind: String, _ target: Target?, _ tags: Tags, at now: MonotonicTime) {
    guard let label = tags.label, let request = requests.request(label: label) else {
      if kind == "who" {
        rosterPoll.beginBatch(reference, label: tags.label)
      } else if kind == "history", tags.label == nil, hasHistory, let target {
        _ = batches.begin(reference, for: PushedPage(target: target), hasMore: tags.hasMore, at: now)
      }
      return
    }
    guard batches.begin(reference, for: request, hasMore: tags.hasMore, stoppedBefore: tags.before, at: now) else {
      return
    }
    _ = requests.take(label: label)
  }

  mutating func end(
    batch reference: String, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    guard let batch = batches.end(reference) else { return }
    guard !batch.isBroken else { return fail(batch, &serverState, at: moment, into: &actions) }
    batch.receiver.received(batch, on: &self, &serverState, into: &actions)
  }

  /// The answer arrived but is unusable, or did not end in time.
  mutating func fail(
    _ batch: Batches.OpenBatch, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    let reason = "The server's answer cannot be read."
    batch.receiver.refused(reason: reason, on: &self, &serverState, at: moment, into: &actions)
  }
}

extension ErrorReply {
  /// Whether the server takes the client for one that is not logged in.
  fileprivate var deniesLogin: Bool {
    let words = "\(code) \(text)".lowercased()
    return knownCode == .notLoggedIn || (words.contains("not") && words.contains("logged")) || words.contains("login")
  }
}
