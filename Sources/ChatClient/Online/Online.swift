import ChatProtocol

/// The conversation with a server that has let us in.
///
/// With tags a request bears a label and its answer too, so that several can be under way. Without, who asks twice
/// at once may get one answer, as some servers read one line from each packet: the next line waits for the answer to
/// the one before it, or for `pace`.
struct Online: Sendable {
  static let pace = Duration.milliseconds(250)
  static let pingLimit = 4

  struct Ping: Sendable {
    var label: String?
    /// Which of the connection's lines it was.
    var line: UInt64
    var sentAt: MonotonicTime
    var wasAsked: Bool
  }

  let name: Nickname
  let since: MonotonicTime
  var link: Link
  var roster = Roster()
  var census: Census
  var sends = UnconfirmedSends()
  var heartbeat: Heartbeat
  var pings: [Ping] = []
  /// Whether the server answers questions at all: the silence of one that does not proves nothing.
  var hasAnswered = false
  /// Without tags: no line is sent before. Nil when the last one was answered.
  var busyUntil: MonotonicTime?
  /// The `ping` command was given.
  var wantsPing = false
  /// What the server was last told.
  var awayText: String?

  init(name: Nickname, link: Link, at now: MonotonicTime) {
    self.name = name
    self.since = now
    self.link = link
    census = Census(at: now)
    heartbeat = Heartbeat(at: now)
    roster.insert(Person(name))
  }

  /// Whether the server can be told, and tells, who is away.
  var knowsAway: Bool { !link.dialect.isEmpty }

  // MARK: Sending

  /// Sends what is due. To be called after everything that happens.
  mutating func pump(
    _ outbox: inout Outbox, away: String?, at moment: Moment, into actions: inout [ClientSession.Action]
  ) {
    while (busyUntil ?? moment.now) <= moment.now, sendNext(&outbox, away: away, at: moment, into: &actions) {}
  }

  /// - Returns: whether there was anything to send.
  private mutating func sendNext(
    _ outbox: inout Outbox, away: String?, at moment: Moment, into actions: inout [ClientSession.Action]
  ) -> Bool {
    let now = moment.now
    if !link.isTagged, census.wantsMark {
      sendPing(wasAsked: false, at: now, into: &actions)
      census.marked(by: link.lines)
    } else if knowsAway, away != awayText {
      awayText = away
      transmit(.away(away), expectsAnswer: link.isTagged, at: now, into: &actions)
    } else if !sends.isFull, let draft = outbox.next() {
      let label = transmit(draft.request, expectsAnswer: link.isTagged, at: now, into: &actions)
      sends.append(draft, label: label, line: link.lines, at: moment)
    } else if wantsPing {
      wantsPing = false
      sendPing(wasAsked: true, at: now, into: &actions)
    } else if census.isDue(at: now) {
      census.asked(label: transmit(.who(nil), expectsAnswer: true, at: now, into: &actions), at: now)
    } else if heartbeat.pingDue <= now {
      sendPing(wasAsked: false, at: now, into: &actions)
    } else {
      return false
    }
    return true
  }

  private mutating func sendPing(wasAsked: Bool, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    if pings.count >= Self.pingLimit { pings.removeFirst() }
    let label = transmit(.ping, expectsAnswer: true, at: now, into: &actions)
    pings.append(Ping(label: label, line: link.lines, sentAt: now, wasAsked: wasAsked))
  }

  @discardableResult
  private mutating func transmit(
    _ message: ClientMessage, expectsAnswer: Bool, at now: MonotonicTime, into actions: inout [ClientSession.Action]
  ) -> String? {
    heartbeat.sent(at: now, expectsAnswer: expectsAnswer && (link.isTagged || hasAnswered))
    if !link.isTagged { busyUntil = now + Self.pace }
    return link.transmit(message, into: &actions)
  }

  // MARK: Time

  /// When `timer` and `pump` are to be called next.
  func deadline(hasDrafts: Bool) -> MonotonicTime {
    var sendable = heartbeat.pingDue
    if census.isIdle { sendable = min(sendable, census.deadline) }
    if let busyUntil {
      let hasMore = (hasDrafts && !sends.isFull) || wantsPing || census.wantsMark
      sendable = hasMore ? busyUntil : max(sendable, busyUntil)
    }
    let deadline = min(sendable, sends.deadline, heartbeat.deadAt)
    return census.isIdle ? deadline : min(deadline, census.deadline)
  }

  /// - Returns: why the link counts as dead, where it does.
  mutating func timer(at moment: Moment, into actions: inout [ClientSession.Action]) -> Farewell? {
    if heartbeat.deadAt <= moment.now { return Farewell(reason: "nothing was heard from the server for 15 seconds") }
    for event in sends.expire(at: moment.now) { actions.append(.tell(event)) }
    if !census.isIdle, census.deadline <= moment.now { finishCensus(at: moment.now, into: &actions) }
    return nil
  }

  // MARK: The roster

  mutating func finishCensus(whole: Roster? = nil, at now: MonotonicTime, into actions: inout [ClientSession.Action]) {
    let counted = census.finish(whole: whole, polls: !link.hasPresence, at: now)
    var isNews = census.takeWish()
    if var counted {
      // Some servers do not list the one who asks.
      if !counted.contains(name) { counted.insert(Person(name)) }
      isNews = isNews || !counted.isSame(as: roster)
      roster = counted
    }
    if isNews { actions.append(.tell(.roster(.lobby, roster.people))) }
  }
}

/// Why a connection is given up.
struct Farewell: Sendable {
  /// For people, on one line.
  var reason: String
}
