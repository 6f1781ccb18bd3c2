import ChatProtocol

/// Polls a server without tags with `WHO`, one request at a time. Holds the state of the present poll.
///
/// The answer has no end marker. The answer to a `PING` sent after the `WHO` marks the end; if the server answers no
/// `PING`, silence does. A missing answer is not an empty roster.
struct PlainRosterPoll: Sendable {
  private static let interval = Duration.seconds(5)
  /// Interval while held lines wait for the roster.
  private static let shortInterval = Duration.milliseconds(500)
  /// Silence after which an answer ends, for a server that answers no `PING`.
  private static let patience = Duration.seconds(2)
  /// Time limit for an answer.
  private static let longest = Duration.seconds(15)
  /// After this many requests without an answer, polling stops. After this many answers without a name, polling slows
  /// down.
  private static let attempts = 3
  private static let longInterval = Duration.seconds(30)

  struct Open: Sendable {
    /// Line number of the `WHO` on the connection.
    var line: UInt64
    /// Line number of the `PING` after it.
    var ping: UInt64?
    var answer = RosterAnswer()
    var quietAt: MonotonicTime
    var endsAt: MonotonicTime
  }

  private enum State: Sendable {
    /// The next `WHO` is due at this time.
    case idle(until: MonotonicTime)
    case open(Open)
  }

  private enum PollRequest: Sendable {
    /// Report the next roster only if it differs from the last one.
    case none
    /// Report it even if it is unchanged.
    case news
    /// The user asked: report it even if it is unchanged, and also that there is none.
    case answer
  }

  private var state: State
  private var wish = PollRequest.news
  private var fruitless = 0
  private var answers = 0
  private var askedAt: MonotonicTime?
  /// Number of requests since the last sign of an answer.
  private var open = 0
  private(set) var frame = RosterFrame()
  /// Whether the server has listed a name, which shows that it supports rosters.
  private(set) var isUsable = false
  /// Whether the server is considered unable to provide a roster.
  private(set) var isGivenUp = false
  /// Whether polling was given up because of silence.
  private var isSilent = false
  /// Whether the server lists the asking client. If not, an empty answer may be complete.
  private var listsAsker = false

  init(at now: MonotonicTime) { state = .idle(until: now) }

  var isOpen: Bool { if case .open = state { true } else { false } }
  /// Line number of the present `WHO`.
  var line: UInt64? { if case .open(let open) = state { open.line } else { nil } }

  func isDue(at now: MonotonicTime) -> Bool { if case .idle(let until) = state { until <= now } else { false } }

  /// Whether part of an answer has arrived.
  var hasHeard: Bool { if case .open(let open) = state { !open.answer.isEmpty } else { false } }

  /// Time of the next `WHO`.
  var due: MonotonicTime { if case .idle(let until) = state { until } else { .distantFuture } }

  /// Time at which the present answer ends without a mark.
  /// - Parameter isMarked: whether the server answers `PING`.
  func deadline(isMarked: Bool) -> MonotonicTime {
    guard case .open(let open) = state else { return .distantFuture }
    return isMarked ? open.endsAt : min(open.quietAt, open.endsAt)
  }

  /// Whether a `PING` would mark the end of the answer.
  var wantsMark: Bool { if case .open(let open) = state { open.ping == nil } else { false } }

  // MARK: Requests

  /// The user asks: report the result in any case.
  mutating func request(at now: MonotonicTime) {
    wish = .answer
    if !isOpen { state = .idle(until: now) }
  }

  /// A possibly new user was seen: polls soon.
  mutating func hurry(at now: MonotonicTime) {
    guard case .idle(let until) = state, !isGivenUp else { return }
    state = .idle(until: min(until, max(now, askedAt.map { $0 + Self.shortInterval } ?? now)))
  }

  /// A server that was given up because of silence has sent an answer.
  mutating func revive(at now: MonotonicTime) {
    guard isGivenUp, isSilent else { return }
    isSilent = false
    isGivenUp = false
    fruitless = 0
    hurry(at: now)
  }

  mutating func asked(as line: UInt64, at now: MonotonicTime) {
    askedAt = now
    open += 1
    state = .open(Open(line: line, quietAt: now + Self.patience, endsAt: now + Self.longest))
  }

  mutating func marked(by line: UInt64) { change { $0.ping = line } }

  // MARK: Answers

  /// Line number of the `WHO` that the name just received answers; nil if that is not certain.
  var barrier: UInt64? { open == 1 ? line : nil }

  /// - Returns: false if no poll is open.
  mutating func hear(_ names: [Nickname], at now: MonotonicTime) -> Bool {
    change {
      $0.answer.add(names)
      $0.quietAt = now + Self.patience
    }
  }

  /// A user left while the answer was being received.
  mutating func forget(_ name: Nickname) { change { $0.answer.remove(name) } }

  /// - Returns: false if no poll is open.
  mutating func hear(_ line: String, at now: MonotonicTime) -> Bool {
    change {
      $0.answer.add(line)
      $0.quietAt = now + Self.patience
    }
  }

  /// Whether a line that reads like a message is one, although an answer is being received.
  func excludes(_ line: String, names: NameReader) -> Bool { isOpen && frame.excludes(line, names: names) }

  /// The lines of the last answer that may be reported after the next one.
  var doubtful: [String] { frame.doubtful }

  /// Another line is about to be reported: takes the lines of the last answer that wait for the next one.
  mutating func takeDoubtful() -> [String] { frame.isLearned ? frame.takeDoubtful() : [] }

  /// - Parameter line: line number of the answered `PING`.
  func ends(atPing line: UInt64) -> Bool {
    if case .open(let open) = state { open.ping == line } else { false }
  }

  /// A `PING` sent before the present `WHO` is answered: the lines received so far are not the answer to this `WHO`.
  /// - Returns: lines that do not belong to the frame.
  mutating func restart(behind line: UInt64, known: Set<Nickname>) -> [String] {
    guard case .open(var open) = state, line < open.line, !open.answer.isEmpty else { return [] }
    let lines = open.answer.lines
    open.answer = RosterAnswer()
    state = .open(open)
    return frame.siftIncomplete(lines, names: NameReader { known.contains($0) })
  }

  enum Ending { case marked, silent, refused }

  struct PollOutcome {
    /// The users present; without ourselves if the server does not list the asking client. Nil if the server gave no
    /// roster.
    var people: [Nickname]?
    /// Other lines of the server.
    var lines: [String]
    var missing: Int
    /// The user asked: also report that there is no roster.
    var wasAskedFor: Bool
    /// Report the roster even if it is unchanged.
    var isNews: Bool
  }

  /// The answer is complete, or no more of it will arrive.
  /// - Parameters:
  ///   - isMarked: whether the server answers `PING`: an answer that ends in silence is then invalid.
  ///   - polls: whether to poll again automatically.
  ///   - isMessage: whether a line reads like a message of one of the known users.
  mutating func finish(
    _ ending: Ending, own: Nickname, known: Set<Nickname>, isMarked: Bool, polls: Bool, at now: MonotonicTime,
    isMessage: (String) -> Bool
  ) -> PollOutcome? {
    guard case .open(let open) = state else { return nil }
    let (people, lines) = open.answer.read(own: own, isRepeated: answers > 0)
    let isComplete = ending == .marked || (ending == .silent && !isMarked)
    let namesNobody = people.isEmpty && !(isUsable && !listsAsker && ending == .marked)
    if isComplete, !namesNobody {
      isUsable = true
      isGivenUp = false
      fruitless = 0
      if people.contains(own) { listsAsker = true }
    } else {
      fruitless += 1
      // A server that has provided a roster before will do so again.
      if ending == .refused || (!isUsable && fruitless >= Self.attempts) {
        isGivenUp = true
        isSilent = ending == .silent
      }
    }
    let named = known.union(people)
    let names = NameReader { named.contains($0) }
    var news: [String]
    if ending != .silent || !open.answer.isEmpty { self.open = 0 }
    if isComplete {
      if !open.answer.isEmpty || ending == .marked { answers += 1 }
      news = frame.sift(lines, names: names, isMessage: isMessage)
    } else {
      news = frame.siftIncomplete(lines, names: names)
    }
    if isGivenUp { news += frame.takeDoubtful() }
    let interval = frame.needsAnother ? .zero : isGivenUp ? Self.longInterval : Self.interval
    let stops = !polls || ending == .refused || (isGivenUp && ending != .marked)
    state = .idle(until: stops ? .distantFuture : now + interval)
    // A roster that was not received must still be reported later, even if it is unchanged.
    defer { wish = isComplete && !namesNobody || wish == .none ? .none : .news }
    return PollOutcome(
      people: isComplete && !namesNobody ? people : nil, lines: news, missing: open.answer.missing,
      wasAskedFor: wish == .answer, isNews: wish != .none)
  }

  /// The connection ends.
  /// - Returns: lines of the server that do not belong to the frame.
  mutating func takeLines(known: Set<Nickname>) -> [String] {
    var lines: [String] = []
    if case .open(let open) = state {
      lines = frame.siftIncomplete(open.answer.lines, names: NameReader { known.contains($0) })
    }
    state = .idle(until: .distantFuture)
    return frame.takeDoubtful() + lines
  }

  @discardableResult
  private mutating func change(_ body: (inout Open) -> Void) -> Bool {
    guard case .open(var open) = state else { return false }
    // Keeps a single owner, so that mutation copies nothing.
    state = .idle(until: .distantFuture)
    body(&open)
    state = .open(open)
    return true
  }
}
