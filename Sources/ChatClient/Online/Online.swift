import ChatModel
import ChatProtocol

/// The conversation with a server after login.
///
/// With tags, a request and its answer carry a label, so that several can be pending. Without tags, two requests at
/// once may get one answer, because some servers read only one line from each packet: the next line waits for the
/// answer to the previous one, or for `pace`.
struct Online: Sendable {
  static let pace = Duration.milliseconds(250)
  /// Maximum number of pending pings; without a limit they would pile up at a server that answers none.
  static let pingLimit = 64

  struct Ping: Sendable {
    var label: String?
    /// Its line number on the connection.
    var line: UInt64
    var sentAt: MonotonicTime
    var wasAsked: Bool
  }

  let name: Nickname
  let since: MonotonicTime
  var link: Link
  var roster = Roster()
  var rosters = RoomRosters()
  /// For servers with tags.
  var rosterPoll: TaggedRosterPoll
  /// For servers without tags.
  var poll: PlainRosterPoll
  var habits = ServerHabits()
  var held = HeldLines()
  /// Without tags: the roster was reported once, so that later differences are reported as news.
  var hasRoster = false
  var sends = UnconfirmedSends()
  var requests = Requests()
  var batches = Batches()
  var heartbeat: Heartbeat
  var pings: [Ping] = []
  /// Line number of the last `PING` on the connection.
  private var lastPing: UInt64 = 0
  /// The login, if the server has neither confirmed it nor answered a request since.
  var assumedLogin: PendingLogin?
  /// The error that shows that the assumed login was refused.
  var loginDenial: ErrorReply?
  /// Whether the server answers any request. If not, its silence proves nothing.
  var hasAnswered = false
  /// Whether the server answers `PING`, even with an error.
  var answersPings = false
  /// Whether the server answers `PING` with `PONG`.
  var knowsPings = false
  /// Whether `QUIT` was sent.
  var isLeaving = false
  /// Without tags: no line is sent before this time. Nil once the last line was answered.
  var busyUntil: MonotonicTime?
  /// Whether the user asked for a `PING`.
  var wantsPing = false
  /// Conversations whose missed messages the server will push after the next `SYNC`.
  var pushed: Set<Target>
  /// The server will recognise this client on a new connection, so that sends carry an idempotency key.
  let isKnown: Bool
  /// Whether servers with tags are asked who is there.
  private let followsPeople: Bool

  /// - Parameters:
  ///   - resumed: the cursors sent to the server.
  ///   - idleTimeout: the server's idle timeout, if known.
  init(
    name: Nickname, link: Link, resumed: [Cursor] = [], isKnown: Bool = false, followsPeople: Bool = true,
    timing: Heartbeat.Timing, idleTimeout: Duration? = nil, at now: MonotonicTime
  ) {
    self.name = name
    self.since = now
    self.link = link
    self.isKnown = isKnown
    self.followsPeople = followsPeople
    pushed = Set(resumed.map(\.target))
    rosterPoll = TaggedRosterPoll(at: now)
    poll = PlainRosterPoll(at: now)
    heartbeat = Heartbeat(timing, idleTimeout: idleTimeout, at: now)
    roster.insert(Person(name))
  }

  /// Whether the server supports away messages.
  var knowsAway: Bool { !link.capabilities.isEmpty }
  var hasRooms: Bool { link.capabilities.contains(.rooms) }
  /// Whether messages have sequence numbers and a history can be requested.
  var hasHistory: Bool { link.capabilities.isSuperset(of: [.tags, .history]) }

  // MARK: Sending

  /// Sends what is due. Call after every input.
  mutating func pump(
    _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    while (busyUntil ?? moment.now) <= moment.now, sendNext(&serverState, at: moment, into: &actions) {}
  }

  /// - Returns: whether there was a line to send.
  private mutating func sendNext(
    _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> Bool {
    let now = moment.now
    if !link.isTagged, poll.wantsMark {
      sendPing(wasAsked: false, at: now, into: &actions)
      poll.marked(by: link.lines)
    } else if knowsAway, !requests.isFull, serverState.away.isWanted {
      sendAway(serverState.away.take(), at: now, into: &actions)
    } else if let room = nextRoom(serverState) {
      // Before messages to that room.
      join(room, &serverState, at: now, into: &actions)
    } else if !isFull(at: now), let outgoing = nextMessage(&serverState) {
      send(outgoing, at: moment, into: &actions)
    } else if !link.isTagged, sends.probeDue(after: lastPing) <= now {
      // Its answer confirms the earlier messages.
      sendPing(wasAsked: false, at: now, into: &actions)
    } else if wantsPing {
      wantsPing = false
      sendPing(wasAsked: true, at: now, into: &actions)
    } else if !link.isTagged, poll.isDue(at: now) {
      transmit(.who(nil), expectsAnswer: true, at: now, into: &actions)
      poll.asked(as: link.lines, at: now)
    } else if link.isTagged, followsPeople, rosterPoll.isDue(at: now) {
      rosterPoll.asked(label: transmit(.who(nil), expectsAnswer: true, at: now, into: &actions), at: now)
    } else if let page = nextPage(&serverState) {
      // After own messages: the answer then arrives when their sequence numbers are known.
      request(PendingPage(request: page), at: now, into: &actions)
    } else if hasRooms, followsPeople, requests.count(of: PendingRoster.self) == 0,
      let room = serverState.rooms.takeWantedRoster()
    {
      request(PendingRoster(room: room), at: now, into: &actions)
    } else if link.capabilities.contains(.marks), !requests.isFull,
      let (target, sequence) = serverState.marks.next(at: now)
    {
      request(PendingMark(target: target, sequence: sequence), at: now, into: &actions)
    } else if heartbeat.pingDue <= now {
      sendPing(wasAsked: false, at: now, into: &actions)
    } else {
      return false
    }
    return true
  }

  /// Whether the limit of unconfirmed messages is reached.
  private func isFull(at now: MonotonicTime) -> Bool {
    guard !isMute(at: now) else { return sends.count >= UnconfirmedSends.limitWithoutAnswers }
    return sends.count >= UnconfirmedSends.limit || sends.hasManyLines
  }

  private func nextRoom(_ serverState: ServerState) -> RoomName? {
    guard hasRooms, requests.count(of: PendingJoin.self) < Requests.mostJoins else { return nil }
    return serverState.rooms.nextWanted()
  }

  /// The oldest message of the outbox. It waits for the `JOIN` of its room, without which the server would refuse it.
  private func nextMessage(_ serverState: inout ServerState) -> OutgoingMessage? {
    if hasRooms, case .room(let room)? = serverState.outbox.first?.target, serverState.rooms.isWaiting(room) {
      return nil
    }
    return serverState.outbox.next()
  }

  private func nextPage(_ serverState: inout ServerState) -> HistoryRequest? {
    guard hasHistory, requests.count(of: PendingPage.self) < Requests.mostPages else { return nil }
    return serverState.conversations.nextRequest()
  }

  private mutating func send(_ outgoing: OutgoingMessage, at moment: Moment, into actions: inout [ClientSession.Action])
  {
    if case .room(let room) = outgoing.target, room != .lobby, !hasRooms {
      actions.append(.tell(.sendFailed(outgoing.id, reason: ClientSession.onlyOneRoom)))
      return
    }
    if case .person(let name) = outgoing.target, let reason = obstacle(to: name) {
      actions.append(.tell(.sendFailed(outgoing.id, reason: reason)))
      return
    }
    let hasLines = MessageLines.areSeveral(in: outgoing.text)
    if hasLines, !link.capabilities.contains(.lines) {
      // The server may have received it on an earlier connection.
      let failure = outgoing.wasTransmitted ? SendFailure.unconfirmed : .notStored
      actions.append(.tell(.sendFailed(outgoing.id, reason: ClientSession.onlyOneLine, failure: failure)))
      return
    }
    var tags = Tags()
    if isKnown, link.isTagged { tags.key = outgoing.key }
    if link.isTagged { tags.epoch = outgoing.epoch }
    tags.hasLines = hasLines
    let label = transmit(outgoing.request, tags, expectsAnswer: link.isTagged, at: moment.now, into: &actions)
    sends.append(outgoing, label: label, line: link.lines, at: moment)
    if !outgoing.wasTransmitted { actions.append(.tell(.sending(outgoing.id))) }
  }

  /// The reason why a direct message to a name with spaces would reach another user.
  private func obstacle(to name: Nickname) -> String? {
    guard name.isSpaced else { return nil }
    if link.isTagged { return "Nobody with this name is here." }
    let first = name.text.prefix { $0 != " " }
    return Nickname(first).flatMap { roster[$0] }.map { "This server would take it for a message to \($0.name)." }
  }

  private mutating func sendAway(
    _ text: String?, at now: MonotonicTime, into actions: inout [ClientSession.Action]
  ) {
    let away = PendingAway(text: text)
    if link.isTagged {
      request(away, at: now, into: &actions)
    } else {
      transmit(away.message, expectsAnswer: false, at: now, into: &actions)
    }
  }

  private mutating func join(
    _ room: RoomName, _ serverState: inout ServerState, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) {
    let cursor = hasHistory ? serverState.conversations.cursor(of: .room(room)) : nil
    serverState.rooms.asked(room, at: now, isAnswered: true)
    if cursor != nil { pushed.insert(.room(room)) }
    request(
      PendingJoin(room: room, cursor: cursor, serial: serverState.rooms.serial(of: room)), at: now, into: &actions)
  }

  /// Sends a request whose answer is recognised by its label. Only with tags.
  mutating func request(
    _ request: some PendingRequest, at now: MonotonicTime, into actions: inout [ClientSession.Action]
  ) {
    guard let label = transmit(request.message, request.tags, expectsAnswer: true, at: now, into: &actions) else {
      return
    }
    requests.append(request, label: label, at: now)
  }

  private mutating func sendPing(wasAsked: Bool, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    if pings.count >= Self.pingLimit { pings.removeFirst() }
    let label = transmit(.ping, expectsAnswer: true, at: now, into: &actions)
    lastPing = link.lines
    pings.append(Ping(label: label, line: link.lines, sentAt: now, wasAsked: wasAsked))
  }

  @discardableResult
  mutating func transmit(
    _ message: ClientMessage, _ tags: Tags = Tags(), expectsAnswer: Bool, at now: MonotonicTime,
    into actions: inout [ClientSession.Action]
  ) -> String? {
    // A server without tags answers in order.
    let mayWait = if case .ping = message { false } else { link.isTagged }
    heartbeat.sent(at: now, expectsAnswer: expectsAnswer && (link.isTagged || hasAnswered), mayWait: mayWait)
    if !link.isTagged { busyUntil = now + Self.pace }
    return link.transmit(message, tags, into: &actions)
  }

  // MARK: Deadlines

  /// Time of the next call of `timer` and `pump`.
  func deadline(_ serverState: ServerState) -> MonotonicTime {
    var sendable = heartbeat.pingDue
    // While there is no room for another request, marks wait for an answer.
    if link.capabilities.contains(.marks), !requests.isFull { sendable = min(sendable, serverState.marks.deadline) }
    if link.isTagged {
      if followsPeople, rosterPoll.isIdle { sendable = min(sendable, rosterPoll.deadline) }
    } else {
      sendable = min(sendable, poll.due, sends.probeDue(after: lastPing))
    }
    if let busyUntil {
      let hasMore = (!serverState.outbox.isEmpty && sends.count < UnconfirmedSends.limit) || wantsPing || poll.wantsMark
      sendable = hasMore ? busyUntil : max(sendable, busyUntil)
    }
    var deadline = min(sendable, sends.deadline, heartbeat.deadAt, link.noticesDue)
    if hasHistory { deadline = min(deadline, serverState.conversations.deadline) }
    if hasRooms { deadline = min(deadline, serverState.rooms.deadline) }
    deadline = min(deadline, requests.deadline, batches.deadline)
    guard link.isTagged else { return min(deadline, poll.deadline(isMarked: answersPings), held.deadline) }
    return rosterPoll.isIdle ? deadline : min(deadline, rosterPoll.deadline)
  }

  /// - Returns: the reason if the connection counts as dead.
  mutating func timer(
    _ serverState: inout ServerState, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> DisconnectReason? {
    if heartbeat.deadAt <= moment.now {
      let patience = heartbeat.patience.components.seconds
      return DisconnectReason(reason: "nothing was heard from the server for \(patience) seconds")
    }
    let expired = sends.expire(at: moment.now)
    for event in expired { actions.append(.tell(event)) }
    for batch in batches.takeExpired(at: moment.now) { fail(batch, &serverState, at: moment, into: &actions) }
    for request in requests.takeExpired(at: moment.now) {
      request.expired(on: &self, &serverState, at: moment, into: &actions)
    }
    serverState.conversations.timer(at: moment.now)
    serverState.rooms.timer(at: moment.now)
    if !expired.isEmpty { tellAllWaiting(&serverState, into: &actions) }
    if link.noticesDue <= moment.now { link.tellMissing(into: &actions) }
    if link.isTagged {
      if !rosterPoll.isIdle, rosterPoll.deadline <= moment.now {
        rosterPoll.noteSilence(at: moment.now)
        finishRosterPoll(at: moment.now, into: &actions)
      }
      return nil
    }
    if poll.deadline(isMarked: answersPings) <= moment.now {
      finishPoll(.silent, &serverState, at: moment, into: &actions)
    }
    if held.deadline <= moment.now { settleHeld(answered: .max, &serverState, at: moment, into: &actions) }
    return nil
  }

  // MARK: Roster

  mutating func finishRosterPoll(
    whole: Roster? = nil, at now: MonotonicTime, into actions: inout [ClientSession.Action]
  ) {
    let counted = rosterPoll.finish(whole: whole, own: name, polls: !link.hasPresence, at: now)
    var isNews = rosterPoll.takeWish()
    if var counted {
      // Some servers do not list the asking client.
      if !counted.contains(name) { counted.insert(Person(name)) }
      isNews = isNews || !counted.isSame(as: roster)
      roster = counted
    }
    if isNews { actions.append(.tell(.roster(.lobby, roster.people))) }
  }
}
