import ChatProtocol

/// One `WHO` after the other, and what came of the present one.
///
/// With tags the answer is a batch. Without, it is a line for each person and no end: a `PING` sent after the first
/// line marks it.
struct Census: Sendable {
  private static let patience = Duration.seconds(2)
  private static let taggedPatience = Duration.seconds(15)
  private static let interval = Duration.seconds(5)
  /// After so many questions without an answer the server is not asked any more.
  private static let attempts = 3

  enum State: Sendable {
    /// The next `WHO` is due then.
    case idle(until: MonotonicTime)
    case asked(label: String?, until: MonotonicTime)
    /// - Parameter ping: which of the connection's lines the `PING` was that marks the end.
    case counting(Roster, batch: String?, ping: UInt64?, until: MonotonicTime)
  }

  private(set) var state: State
  /// Tell the next roster whether or not it is news.
  private var isWanted = true
  private var unanswered = 0
  private var wasAnswered = false

  init(at now: MonotonicTime) { state = .idle(until: now) }

  var deadline: MonotonicTime {
    switch state {
    case .idle(let time), .asked(_, let time), .counting(_, _, _, let time): time
    }
  }

  var isIdle: Bool {
    if case .idle = state { true } else { false }
  }

  func isDue(at now: MonotonicTime) -> Bool { isIdle && deadline <= now }

  /// A `PING` would mark the end of the answer.
  var wantsMark: Bool {
    if case .counting(_, nil, nil, _) = state { true } else { false }
  }

  /// Ask now, and tell the result in any case.
  mutating func request(at now: MonotonicTime) {
    isWanted = true
    if isIdle { state = .idle(until: now) }
  }

  mutating func asked(label: String?, at now: MonotonicTime) {
    unanswered += 1
    state = .asked(label: label, until: now + (label == nil ? Self.patience : Self.taggedPatience))
  }

  mutating func marked(by line: UInt64, at now: MonotonicTime) {
    guard case .counting(let roster, nil, _, _) = take() else { return }
    state = .counting(roster, batch: nil, ping: line, until: now + Self.patience)
  }

  // MARK: Answers

  mutating func beginBatch(_ reference: String, label: String?) {
    guard case .asked(let expected, let until) = state, label == nil || label == expected else { return }
    state = .counting(Roster(), batch: reference, ping: nil, until: until)
  }

  /// - Returns: whether the line is a part of an answer.
  mutating func count(_ person: Person, batch: String?, at now: MonotonicTime) -> Bool {
    switch take() {
    case .asked(let label, let until):
      guard batch == nil else {
        state = .asked(label: label, until: until)
        return false
      }
      var roster = Roster()
      roster.insert(person)
      state = .counting(roster, batch: nil, ping: nil, until: now + Self.patience)
    case .counting(var roster, let open, let ping, let until):
      let belongs = batch == open
      if belongs { roster.insert(person) }
      state = .counting(roster, batch: open, ping: ping, until: until)
      return belongs
    case .idle(let until):
      state = .idle(until: until)
      return false
    }
    return true
  }

  /// Somebody left while the answer was coming in.
  mutating func forget(_ name: Nickname) {
    guard case .counting = state, case .counting(var roster, let batch, let ping, let until) = take() else { return }
    roster.remove(name)
    state = .counting(roster, batch: batch, ping: ping, until: until)
  }

  // MARK: Ends

  /// - Returns: whether this is the answer's end.
  func ends(atBatch reference: String) -> Bool {
    if case .counting(_, reference, _, _) = state { true } else { false }
  }

  /// - Parameter line: which of the connection's lines the `PING` was that was answered.
  func ends(atPing line: UInt64) -> Bool {
    if case .counting(_, _, line, _) = state { true } else { false }
  }

  func isAsked(by label: String) -> Bool {
    if case .asked(label, _) = state { true } else { false }
  }

  /// The answer is complete, or as much of it as will come.
  /// - Parameter whole: everybody at once, from a server that answers like that.
  /// - Returns: who is here; nil where the server has said nothing about it.
  mutating func finish(whole: Roster? = nil, polls: Bool, at now: MonotonicTime) -> Roster? {
    var result = whole
    switch take() {
    case .counting(let roster, _, _, _): result = result ?? roster
    case .asked: if wasAnswered { result = result ?? Roster() }
    case .idle: break
    }
    if result != nil, whole != nil || unanswered > 0 {
      wasAnswered = wasAnswered || (result?.count ?? 0) > 0
      unanswered = 0
    }
    let isGivenUp = unanswered >= Self.attempts
    state = .idle(until: polls && !isGivenUp ? now + Self.interval : .distantFuture)
    return result
  }

  /// The server does not know `WHO`.
  mutating func giveUp() { state = .idle(until: .distantFuture) }

  /// - Returns: whether a roster is to be told that is no news.
  mutating func takeWish() -> Bool {
    defer { isWanted = false }
    return isWanted
  }

  /// Leaves the state's roster with one owner, so that adding to it copies nothing.
  private mutating func take() -> State {
    defer { state = .idle(until: .distantFuture) }
    return state
  }
}
