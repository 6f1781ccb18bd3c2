import ChatProtocol
import DequeModule

/// A session's work that waits for the log: messages that are not stored yet, and behind them requests whose answers
/// must not overtake those of the messages.
struct SessionBacklog: Sendable {
  /// Messages that were given to the log and are not answered yet.
  private(set) var unstored = 0
  private var unstoredBytes = 0
  private(set) var waiting: Deque<Waiting> = []
  private var waitingBytes = 0
  /// A waiting request will change the session's capabilities, so no further request can be read before it is
  /// handled.
  private var changesCapabilities = false
  /// The session exceeds its rate limit: its requests wait until it is released.
  var isPaced = false
  /// The session's last request, while a change that it proposed is being stored: later requests wait for its answer.
  private(set) var proposed: Request?
  /// Set while the session's next request waits for changes proposed by other sessions. It is retried when those are
  /// stored.
  var wait: Proposals.WaitID?
  /// The session's owner was asked to accept no more lines.
  private(set) var isHeld = false

  enum Waiting: Sendable {
    case request(Request)
    /// The end of the session's input.
    case end
  }

  /// Above these loads no more lines are accepted. They are large enough to make a commit worthwhile, and small enough
  /// for ten thousand sessions.
  private static let maximumUnstored = Load(count: 1024, bytes: 256 * 1024)
  private static let maximumWaiting = Load(count: 256, bytes: 64 * 1024)

  private struct Load {
    var count: Int
    var bytes: Int
  }

  var isProposing: Bool { proposed != nil }

  /// Whether a request waits and no message must be stored before it.
  var isDue: Bool { unstored == 0 && !waiting.isEmpty }

  /// Whether the end of input is all that waits.
  var isEnding: Bool { if case .end? = waiting.last { true } else { false } }

  mutating func beginStoring(bytes: Int) {
    unstored += 1
    unstoredBytes += bytes
  }

  mutating func endStoring(bytes: Int) {
    unstored -= 1
    unstoredBytes -= bytes
  }

  mutating func putOff(_ request: Request) {
    waiting.append(.request(request))
    waitingBytes += request.memory
    if request.verb == .capabilities { changesCapabilities = true }
  }

  /// The request has proposed a change.
  mutating func propose(_ request: Request?) {
    proposed = request
    proposed?.trim()
  }

  /// The proposal is answered.
  /// - Returns: its request.
  mutating func finishProposing() -> Request? {
    defer { proposed = nil }
    return proposed
  }

  /// Puts a request before all others.
  mutating func putFirst(_ request: Request) {
    waiting.prepend(.request(request))
    waitingBytes += request.memory
  }

  /// Appends the end of input.
  mutating func putOffEnd() {
    if !isEnding { waiting.append(.end) }
  }

  /// Removes requests that only ask for information.
  mutating func removeQuestions() {
    waiting.removeAll { waiting in
      guard case .request(let request) = waiting, request.isQuestion else { return false }
      waitingBytes -= request.memory
      return true
    }
  }

  mutating func removeFirst() {
    guard case .request(let request)? = waiting.popFirst() else { return }
    waitingBytes -= request.memory
    // It was the last one: no line was read after it.
    if request.verb == .capabilities { changesCapabilities = false }
  }

  /// - Returns: true to hold the session from now on, false to release it, nil for no change.
  mutating func changeHold() -> Bool? {
    if !isHeld, isOver(1) {
      isHeld = true
      return true
    }
    if isHeld, !isOver(2) {
      isHeld = false
      return false
    }
    return nil
  }

  private func isOver(_ divisor: Int) -> Bool {
    isPaced || changesCapabilities || unstored > Self.maximumUnstored.count / divisor
      || unstoredBytes > Self.maximumUnstored.bytes / divisor || waiting.count > Self.maximumWaiting.count / divisor
      || waitingBytes > Self.maximumWaiting.bytes / divisor
  }
}
