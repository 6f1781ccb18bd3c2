import ChatProtocol
import DequeModule

/// Ended connections whose end was not reported to the hub yet, oldest end first. Each end is published to all members
/// and closes a socket, so only a few are handled in one iteration of the event loop.
///
/// When thousands of clients leave at once, all are collected before any is handled: a line published meanwhile would be
/// written to sockets that are closed on the other side, each of these writes would be answered with a reset, and the
/// other clients would wait for all of this.
struct ConnectionEnds {
  struct End {
    let connection: Connection
    let kind: Kind
  }

  enum Kind {
    /// The client sends nothing any more.
    case inputClosed
    case closed(LeaveReason)
  }

  private var waiting: Deque<End> = []
  /// The number of ends at the back of the queue that were added since the last call of `collect`.
  private var new = 0
  /// When the first end was added, since the last call of `collect` that found none.
  private var addingSince: MonotonicTime?
  /// Whether all ends wait until `period` is over.
  private(set) var isCollecting = false

  /// If no end is added for this long, no more are expected.
  static let period = Duration.milliseconds(5)

  private let fewReaders: Int
  private let patience: Duration

  /// - Parameters:
  ///   - fewReaders: with at most so many connections nothing is collected: a line to them takes some milliseconds.
  ///   - patience: the maximum time for which ends are collected without handling any.
  init(fewReaders: Int = 1000, patience: Duration = .milliseconds(250)) {
    self.fewReaders = fewReaders
    self.patience = patience
  }

  var isEmpty: Bool { waiting.isEmpty }
  var areDue: Bool { !waiting.isEmpty && !isCollecting }

  mutating func append(_ connection: Connection, _ kind: Kind) {
    waiting.append(End(connection: connection, kind: kind))
    new += 1
  }

  mutating func popFirst() -> End? {
    guard let end = waiting.popFirst() else { return nil }
    new = min(new, waiting.count)
    if waiting.isEmpty { addingSince = nil }
    return end
  }

  /// Takes note of the new ends, and decides whether to wait for more.
  /// - Parameter readers: the number of connections, including those that ended.
  /// - Returns: the connections that must wait for longer than this iteration, each once.
  mutating func collect(among readers: Int, at now: MonotonicTime) -> [Connection] {
    let start = addingSince ?? now
    isCollecting = new > 0 && readers > fewReaders && now < start + patience
    addingSince = new > 0 ? start : nil
    let mustWait = isCollecting || waiting.count > IterationBudget.mostEnds
    defer { new = 0 }
    return mustWait ? waiting.suffix(new).map(\.connection) : []
  }

  mutating func endPeriod() { isCollecting = false }
}
