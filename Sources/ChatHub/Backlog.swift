import ChatProtocol
import DequeModule

/// What of one session waits for the log: messages that are not stored yet, and behind them requests whose answers must
/// not overtake theirs.
struct Backlog: Sendable {
  /// Messages that the log was given and has not answered.
  private(set) var unstored = 0
  private var unstoredBytes = 0
  private(set) var waiting: Deque<Waiting> = []
  private var waitingBytes = 0
  /// What the session hears with must change before its next line can be read.
  private var endsInDialect = false
  /// The session writes too fast: what comes waits until it is released.
  var isPaced = false
  /// The log was asked to store what the session's last request changes: what comes waits for its answer.
  var isProposing = false
  /// The session's next request waits for what others change, and is woken when that is stored.
  var isAwaitingRegistry = false
  /// The session's owner was asked to take no more lines.
  private(set) var isHeld = false

  enum Waiting: Sendable {
    case request(Request)
    /// Nothing more will come.
    case end
  }

  /// Beyond these no more lines are taken. They are enough for a commit to be worth its while, and little enough for
  /// ten thousand sessions.
  private static let maximumUnstored = Load(count: 1024, bytes: 256 * 1024)
  private static let maximumWaiting = Load(count: 256, bytes: 64 * 1024)

  private struct Load {
    var count: Int
    var bytes: Int
  }

  /// Whether something waits, and no message that must be stored before.
  var isDue: Bool { unstored == 0 && !waiting.isEmpty }

  /// Whether nothing more will come, and that is all that waits.
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
    waitingBytes += request.cost
    if request.verb == .capabilities { endsInDialect = true }
  }

  /// Nothing more will come.
  mutating func putOffEnd() {
    if !isEnding { waiting.append(.end) }
  }

  /// Lets go of requests that only ask something.
  mutating func removeQuestions() {
    waiting.removeAll { waiting in
      guard case .request(let request) = waiting, request.isQuestion else { return false }
      waitingBytes -= request.cost
      return true
    }
  }

  mutating func removeFirst() {
    guard case .request(let request)? = waiting.popFirst() else { return }
    waitingBytes -= request.cost
    // It was the last one: nothing was read behind it.
    if request.verb == .capabilities { endsInDialect = false }
  }

  /// - Returns: whether the session is to be held from now on, or to be released; nil where nothing changes.
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
    isPaced || endsInDialect || unstored > Self.maximumUnstored.count / divisor
      || unstoredBytes > Self.maximumUnstored.bytes / divisor || waiting.count > Self.maximumWaiting.count / divisor
      || waitingBytes > Self.maximumWaiting.bytes / divisor
  }
}
