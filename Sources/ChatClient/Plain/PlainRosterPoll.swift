import ChatProtocol

/// One `WHO` after the other to a server without tags, and what came of the present one.
///
/// The answer has no end of its own: the answer to a `PING` behind it is the end, or silence where the server answers
/// none. No answer is not an empty one: it says nothing about who is there.
struct PlainRosterPoll: Sendable {
  private static let interval = Duration.seconds(5)
  /// When something hangs on it.
  private static let shortInterval = Duration.milliseconds(500)
  /// How long a server that answers no `PING` may be silent within an answer.
  private static let patience = Duration.seconds(2)
  /// An answer that takes longer is not listened to.
  private static let longest = Duration.seconds(15)
  /// After so many questions without an answer the server is not asked any more, and after so many answers that name
  /// nobody more seldom.
  private static let attempts = 3
  private static let longInterval = Duration.seconds(30)

  struct Open: Sendable {
    /// Which of the connection's lines the `WHO` was.
    var line: UInt64
    /// Which of them the `PING` behind it was.
    var ping: UInt64?
    var answer = RosterAnswer()
    var quietAt: MonotonicTime
    var endsAt: MonotonicTime
  }

  private enum State: Sendable {
    /// The next `WHO` is due then.
    case idle(until: MonotonicTime)
    case open(Open)
  }

  private enum Wish: Sendable { case none, news, answer }

  private var state: State
  /// Tell the next roster whether or not it is news.
  private var wish = Wish.news
  private var fruitless = 0
  private var answers = 0
  private var askedAt: MonotonicTime?
  /// How many questions there were since the last sign of an answer.
  private var open = 0
  private(set) var frame = RosterFrame()
  /// Whether the server has named anybody, which makes it one that says who is there.
  private(set) var isUsable = false
  /// Whether who is there is not to be learned from the server.
  private(set) var isGivenUp = false
  /// Whether it was given up because it was silent.
  private var isSilent = false
  /// Whether the server lists the one who asks: where it does not, nobody may be everybody.
  private var listsAsker = false

  init(at now: MonotonicTime) { state = .idle(until: now) }

  /// Whether the server may still turn out to say who is there.
  var isUndecided: Bool { !isUsable && !isGivenUp }

  var isOpen: Bool { if case .open = state { true } else { false } }
  /// Which of the connection's lines the present `WHO` was.
  var line: UInt64? { if case .open(let open) = state { open.line } else { nil } }

  func isDue(at now: MonotonicTime) -> Bool { if case .idle(let until) = state { until <= now } else { false } }

  /// Whether an answer has begun.
  var hasHeard: Bool { if case .open(let open) = state { !open.answer.isEmpty } else { false } }

  /// When the next `WHO` is due.
  var due: MonotonicTime { if case .idle(let until) = state { until } else { .distantFuture } }

  /// When the present answer ends without a mark.
  /// - Parameter isMarked: whether the server answers `PING`.
  func deadline(isMarked: Bool) -> MonotonicTime {
    guard case .open(let open) = state else { return .distantFuture }
    return isMarked ? open.endsAt : min(open.quietAt, open.endsAt)
  }

  /// A `PING` would mark the end of the answer.
  var wantsMark: Bool { if case .open(let open) = state { open.ping == nil } else { false } }

  // MARK: Questions

  /// The person asks: tell the result in any case.
  mutating func request(at now: MonotonicTime) {
    wish = .answer
    if !isOpen { state = .idle(until: now) }
  }

  /// Somebody is heard of who may be somebody new.
  mutating func hurry(at now: MonotonicTime) {
    guard case .idle(let until) = state, !isGivenUp else { return }
    state = .idle(until: min(until, max(now, askedAt.map { $0 + Self.shortInterval } ?? now)))
  }

  /// A server that was given up for its silence has answered something.
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

  /// The `WHO` that a name which was just heard answers, among the connection's lines; nil where that is not certain.
  var barrier: UInt64? { open == 1 ? line : nil }

  /// - Returns: false where nothing was asked.
  mutating func hear(_ names: [Nickname], at now: MonotonicTime) -> Bool {
    change {
      $0.answer.add(names)
      $0.quietAt = now + Self.patience
    }
  }

  /// Somebody left while the answer was coming in.
  mutating func forget(_ name: Nickname) { change { $0.answer.remove(name) } }

  /// - Returns: false where nothing was asked.
  mutating func hear(_ line: String, at now: MonotonicTime) -> Bool {
    change {
      $0.answer.add(line)
      $0.quietAt = now + Self.patience
    }
  }

  /// - Parameter line: which of the connection's lines the `PING` was that was answered.
  func ends(atPing line: UInt64) -> Bool {
    if case .open(let open) = state { open.ping == line } else { false }
  }

  /// A `PING` from before the present `WHO` is answered: what has come so far is not its answer.
  /// - Returns: what is not of the frame.
  mutating func restart(behind line: UInt64, known: Set<Nickname>) -> [String] {
    guard case .open(var open) = state, line < open.line, !open.answer.isEmpty else { return [] }
    let lines = open.answer.lines
    open.answer = RosterAnswer()
    state = .open(open)
    return frame.siftIncomplete(lines, people: known)
  }

  enum Ending { case marked, silent, refused }

  struct Outcome {
    /// Who is there, but for ourselves where the server does not list who asks. Nil: it did not say.
    var people: [Nickname]?
    /// What it said besides that.
    var lines: [String]
    var missing: Int
    /// The person is to be told, news or not.
    var wasAskedFor: Bool
    var isNews: Bool
  }

  /// The answer is complete, or as much of it as will come.
  /// - Parameters:
  ///   - isMarked: whether the server answers `PING`: then an answer that ends in silence is none.
  ///   - polls: whether to ask again by itself.
  ///   - isMessage: whether a line reads like a message of one of the known people.
  mutating func finish(
    _ ending: Ending, own: Nickname, known: Set<Nickname>, isMarked: Bool, polls: Bool, at now: MonotonicTime,
    isMessage: (String) -> Bool
  ) -> Outcome? {
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
      // One that has said it before will say it again.
      if ending == .refused || (!isUsable && fruitless >= Self.attempts) {
        isGivenUp = true
        isSilent = ending == .silent
      }
    }
    var news: [String]
    if ending != .silent || !open.answer.isEmpty { self.open = 0 }
    if isComplete {
      if !open.answer.isEmpty || ending == .marked { answers += 1 }
      news = frame.sift(lines, people: known.union(people), isMessage: isMessage)
    } else {
      news = frame.siftIncomplete(lines, people: known.union(people))
    }
    if isGivenUp { news += frame.takeDoubtful() }
    let interval = frame.needsAnother ? .zero : isGivenUp ? Self.longInterval : Self.interval
    let stops = !polls || ending == .refused || (isGivenUp && ending != .marked)
    state = .idle(until: stops ? .distantFuture : now + interval)
    // A roster that was not learned is still to be told, even if it will be the same as before.
    defer { wish = isComplete && !namesNobody || wish == .none ? .none : .news }
    return Outcome(
      people: isComplete && !namesNobody ? people : nil, lines: news, missing: open.answer.missing,
      wasAskedFor: wish == .answer, isNews: wish != .none)
  }

  /// The connection ends.
  /// - Returns: what the server said that is not of the frame.
  mutating func takeLines(known: Set<Nickname>) -> [String] {
    var lines: [String] = []
    if case .open(let open) = state { lines = frame.siftIncomplete(open.answer.lines, people: known) }
    state = .idle(until: .distantFuture)
    return frame.takeDoubtful() + lines
  }

  @discardableResult
  private mutating func change(_ body: (inout Open) -> Void) -> Bool {
    guard case .open(var open) = state else { return false }
    // So that it has one owner, and adding to it copies nothing.
    state = .idle(until: .distantFuture)
    body(&open)
    state = .open(open)
    return true
  }
}
