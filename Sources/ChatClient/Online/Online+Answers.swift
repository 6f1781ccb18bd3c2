import ChatModel
import ChatProtocol

/// Answers from the server to this client's requests.
extension Online {
  mutating func accept(
    _ tags: Tags, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    busyUntil = nil
    guard link.isTagged else {
      if let event = sends.accept(label: nil, at: tags.time, moment: moment) { actions.append(.tell(event)) }
      return
    }
    guard let label = tags.label else { return }
    if let request = requests.request(label: label) {
      guard !request.isAnsweredByBatch else { return }
      _ = requests.take(label: label)
      obeyed(request, tags, &serverState, at: moment.now, into: &actions)
    } else if let draft = sends.draft(label: label) {
      confirm(draft, label: label, tags, &serverState, at: moment, into: &actions)
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
    if !link.isTagged { passed(ping, &serverState, at: moment, into: &actions) }
  }

  /// A server without tags has processed all lines before this `PING`.
  private mutating func passed(
    _ ping: Ping, _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    answersPings = true
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
      if let draft = sends.take(label: label) {
        actions.append(.tell(.sendFailed(draft.id, reason: reply.words(isTagged: link.isTagged))))
        return tellWaiting(draft.target, &serverState, into: &actions)
      }
      if let request = requests.take(label: label) {
        return refused(request, reason: reply.words(isTagged: link.isTagged), &serverState, at: moment, into: &actions)
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
    let isRefusal = habits.isRefusal(reply)
    let words = "\(reply.code) \(reply.text)".lowercased()
    let isAboutCommand =
      isRefusal || words.contains("command") || (words.contains("unknown") && !words.contains("user"))
    if isAboutCommand, refuseQuestion(reply, &serverState, at: moment, into: &actions) { return }
    if isLeaving, isRefusal { return }
    if let refused = sends.refuse(reply.knownCode) {
      // The server read the earlier lines before this one.
      for event in sends.confirm(before: refused.line, at: moment.now) { actions.append(.tell(event)) }
      actions.append(.tell(.sendFailed(refused.draft.id, reason: reply.words(isTagged: false))))
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

  // MARK: Labelled requests

  private mutating func obeyed(
    _ request: Requests.Request, _ tags: Tags, _ serverState: inout ServerState, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) {
    switch request {
    // SYNC follows with the room's position; without SYNC the room could not be stored for the next run.
    case .join(let room) where hasHistory: serverState.rooms.asked(room, at: now, isAnswered: false)
    case .join(let room):
      // In the original spelling.
      joined(as: tags.room.flatMap { $0 == room ? $0 : nil } ?? room, &serverState, into: &actions)
    case .part(let room): parted(from: room, &serverState, into: &actions)
    case .mark(let target, let sequence): _ = serverState.marks.learn(target, upTo: sequence)
    case .admin(let asked): administered(asked, tags, &serverState, at: now, into: &actions)
    case .topic, .listRooms, .roster, .history, .search: break
    }
  }

  /// The server refused the request or did not answer it in time.
  /// - Parameter reason: a sentence.
  mutating func refused(
    _ request: Requests.Request, reason: String, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    switch request {
    case .join(let room):
      let wasTold = forget(room, &serverState, into: &actions)
      let error = ClientEvent.serverError(DisplayText.sanitize("\(room): \(reason)"))
      actions.append(.tell(wasTold ? .roomLeft(room, reason: reason) : error))
    case .part(let room): parted(from: room, &serverState, into: &actions)
    case .history(let page):
      let isUnsettled = awaitsVerdict(in: page.target, serverState)
      serverState.conversations.change(page.target) {
        $0.failed(page, at: moment.now, isUnsettled: isUnsettled, into: &actions)
      }
    case .search(let number):
      guard serverState.search == number else { break }
      serverState.search = nil
      actions.append(.tell(.searchFailed(number, reason: reason)))
    case .listRooms: actions.append(.tell(.roomsFailed(reason: DisplayText.sanitize(reason))))
    case .topic: actions.append(.tell(.serverError(reason)))
    case .admin(let asked): actions.append(.tell(.administered(asked, .refused(reason: reason))))
    case .roster, .mark: break
    }
  }

  // MARK: Batches

  mutating func begin(batch reference: String, kind: String, _ target: Target?, _ tags: Tags, at now: MonotonicTime) {
    guard let label = tags.label, let request = requests.request(label: label) else {
      if kind == "who" {
        rosterPoll.beginBatch(reference, label: tags.label)
      } else if kind == "history", tags.label == nil, hasHistory, let target {
        _ = batches.begin(reference, .pushed(target), hasMore: tags.hasMore, at: now)
      }
      return
    }
    let purpose: Batches.Kind
    switch request {
    case .history(let page): purpose = .history(page)
    case .search(let number): purpose = .search(number)
    case .listRooms: purpose = .rooms
    case .roster(let room): purpose = .roster(room)
    case .admin(let asked) where asked.isAnsweredByBatch: purpose = .admin(asked)
    case .join, .part, .topic, .mark, .admin: return
    }
    guard batches.begin(reference, purpose, hasMore: tags.hasMore, stoppedBefore: tags.before, at: now) else { return }
    _ = requests.take(label: label)
  }

  mutating func end(
    batch reference: String, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    guard let batch = batches.end(reference) else { return }
    guard !batch.isBroken else { return fail(batch.kind, &serverState, at: moment, into: &actions) }
    switch batch.kind {
    case .history(let request):
      let page = HistoryPage(batch.messages, hasMore: batch.hasMore)
      let isUnsettled = awaitsVerdict(in: request.target, serverState)
      serverState.conversations.change(request.target) {
        $0.answered(request, page, isUnsettled: isUnsettled, into: &actions)
      }
    case .pushed(let target):
      let page = HistoryPage(batch.messages, hasMore: batch.hasMore)
      let isUnsettled = awaitsVerdict(in: target, serverState)
      guard isOurs(target, serverState) else { break }
      serverState.conversations.change(target) { $0.pushed(page, isUnsettled: isUnsettled, into: &actions) }
    case .search(let number):
      guard serverState.search == number else { break }
      serverState.search = nil
      actions.append(
        .tell(
          .found(
            number, batch.messages, hasMore: batch.hasMore && !batch.messages.isEmpty,
            stoppedBefore: batch.stoppedBefore)))
    case .rooms: actions.append(.tell(.rooms(batch.rooms)))
    case .admin(let asked):
      actions.append(.tell(.administered(asked, AdminAnswer(to: asked, batch.records))))
    case .roster(let room):
      guard serverState.rooms.isJoined(room) else { break }
      actions.append(.tell(.roster(room, rosters.set(batch.people, in: room))))
    }
  }

  /// The answer arrived but is unusable.
  mutating func fail(
    _ kind: Batches.Kind, _ serverState: inout ServerState, at moment: Moment,
    into actions: inout [ClientSession.Action]
  ) {
    let reason = "The server's answer cannot be read."
    switch kind {
    case .history(let page): refused(.history(page), reason: reason, &serverState, at: moment, into: &actions)
    case .search(let number): refused(.search(number), reason: reason, &serverState, at: moment, into: &actions)
    case .rooms: refused(.listRooms, reason: reason, &serverState, at: moment, into: &actions)
    case .admin(let asked): refused(.admin(asked), reason: reason, &serverState, at: moment, into: &actions)
    case .pushed(let target): serverState.conversations.change(target) { $0.pushFailed() }
    case .roster: break
    }
  }
}

extension Requests.Request {
  fileprivate var isAnsweredByBatch: Bool {
    switch self {
    case .listRooms, .roster, .history, .search: true
    case .admin(let asked): asked.isAnsweredByBatch
    case .join, .part, .topic, .mark: false
    }
  }
}
