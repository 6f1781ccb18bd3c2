import ChatModel
import ChatProtocol

/// Polls a server with tags with `WHO`, one request at a time; the answer is a batch. Holds the state of the present
/// poll.
struct TaggedRosterPoll: Sendable {
  /// Time for an answer without a batch to be complete.
  private static let patience = Duration.seconds(15)
  private static let interval = Duration.seconds(5)
  /// After this many requests without an answer, polling stops.
  private static let attempts = 3

  enum State: Sendable {
    /// The next `WHO` is due at this time.
    case idle(until: MonotonicTime)
    case asked(label: String?, until: MonotonicTime)
    case counting(PartialRoster)
  }

  struct PartialRoster: Sendable {
    var roster = Roster()
    var batch: String?
    var until: MonotonicTime
  }

  private(set) var state: State
  /// Report the next roster even if it is unchanged.
  private var isWanted = true
  private var unanswered = 0
  private var askedAt: MonotonicTime?
  /// The server has sent a roster without a batch and without the asking client. When everybody else has left, its
  /// answer has no line.
  private var isSilentWhenAlone = false

  init(at now: MonotonicTime) { state = .idle(until: now) }

  var deadline: MonotonicTime {
    switch state {
    case .idle(let time), .asked(_, let time): time
    case .counting(let count): count.until
    }
  }

  var isIdle: Bool {
    if case .idle = state { true } else { false }
  }

  func isDue(at now: MonotonicTime) -> Bool { isIdle && deadline <= now }

  /// Polls now and reports the result in any case.
  mutating func request(at now: MonotonicTime) {
    isWanted = true
    if isIdle { state = .idle(until: now) }
  }

  /// The roster may be out of date: polls again, but not more often than with regular polling.
  /// - Returns: false if a poll is running or due as soon anyway.
  mutating func suspect(at now: MonotonicTime) -> Bool {
    guard case .idle(let until) = state else { return false }
    let next = max(now, askedAt.map { $0 + Self.interval } ?? now)
    guard next < until else { return false }
    state = .idle(until: next)
    return true
  }

  mutating func asked(label: String?, at now: MonotonicTime) {
    unanswered += 1
    askedAt = now
    state = .asked(label: label, until: now + Requests.patience)
  }

  /// Waits longer, like other requests: the answer follows that to an unstored message.
  mutating func extendDeadline(at now: MonotonicTime) {
    guard case .asked(let label, _) = state else { return }
    state = .asked(label: label, until: now + Requests.patience)
  }

  // MARK: Answers

  mutating func beginBatch(_ reference: String, label: String?) {
    guard case .asked(let expected, let until) = state, label == nil || label == expected else { return }
    state = .counting(PartialRoster(batch: reference, until: until))
  }

  /// - Returns: whether the line is part of the answer.
  mutating func count(_ person: Person, batch: String?, at now: MonotonicTime) -> Bool {
    if case .asked = state, batch == nil {
      state = .counting(PartialRoster(until: now + Self.patience))
    }
    guard var count = takeCount() else { return false }
    let belongs = batch == count.batch
    if belongs { count.roster.insert(person) }
    state = .counting(count)
    return belongs
  }

  /// A member left while the answer was being received.
  mutating func forget(_ name: Nickname) {
    guard var count = takeCount() else { return }
    count.roster.remove(name)
    state = .counting(count)
  }

  // MARK: Finishing

  /// - Returns: whether this is the end of the answer.
  func ends(atBatch reference: String) -> Bool {
    if case .counting(let count) = state { count.batch == reference } else { false }
  }

  func isAsked(by label: String) -> Bool {
    if case .asked(label, _) = state { true } else { false }
  }

  /// No line of an answer arrived in time. From most servers, a missing answer is not an empty roster.
  mutating func noteSilence(at now: MonotonicTime) {
    guard isSilentWhenAlone, case .asked = state else { return }
    state = .counting(PartialRoster(until: now))
  }

  /// The answer is complete, or no more of it will arrive.
  /// - Parameters:
  ///   - whole: the complete roster, from a server that sends it in one line.
  ///   - own: the name of the asking client.
  /// - Returns: the roster; nil if the server has not sent one.
  mutating func finish(whole: Roster? = nil, own: Nickname, polls: Bool, at now: MonotonicTime) -> Roster? {
    var result = whole
    var isBatch = false
    if whole == nil, case .counting(let count) = state {
      result = count.roster
      isBatch = count.batch != nil
    }
    if let result {
      unanswered = 0
      isSilentWhenAlone = whole == nil && !isBatch && !result.contains(own)
    }
    let isGivenUp = unanswered >= Self.attempts
    state = .idle(until: polls && !isGivenUp ? now + Self.interval : .distantFuture)
    return result
  }

  /// The server does not support `WHO`.
  mutating func giveUp() { state = .idle(until: .distantFuture) }

  /// - Returns: whether the roster is to be reported even if unchanged.
  mutating func takeWish() -> Bool {
    defer { isWanted = false }
    return isWanted
  }

  /// Takes the count out of `state`, so that it has a single owner and is not copied on mutation. The caller must put
  /// the count back.
  private mutating func takeCount() -> PartialRoster? {
    guard case .counting(let count) = state else { return nil }
    state = .idle(until: .distantFuture)
    return count
  }
}
