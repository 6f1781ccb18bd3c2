import ChatProtocol
import ChatRecords

/// Counts messages waiting to be stored. The amount is bounded, whatever the disk does.
struct StoreBacklog {
  private let limit: Limit
  private var messages = 0
  private var bytes = 0
  /// True from the limit on, until the backlog has fallen to half of it.
  private(set) var isFull = false
  /// The time of the last answer of the log, or of the first message in an empty backlog.
  private var lastMoved = MonotonicTime(nanoseconds: 0)

  struct Limit: Sendable {
    var messages = 65_536
    var bytes = 64 << 20
  }

  /// A commit that takes longer than this is reported as a disk problem.
  static let patience = Duration.seconds(10)

  init(limit: Limit = Limit()) { self.limit = limit }

  var isEmpty: Bool { messages == 0 }

  mutating func add(_ message: NewMessage, at now: MonotonicTime) {
    if isEmpty { lastMoved = now }
    messages += 1
    bytes += message.size
    if messages >= limit.messages || bytes >= limit.bytes { isFull = true }
  }

  mutating func remove(_ group: MessageGroup, at now: MonotonicTime) {
    lastMoved = now
    messages -= group.messages.count
    bytes -= group.bytes
    if messages <= limit.messages / 2, bytes <= limit.bytes / 2 { isFull = false }
  }

  /// The log has answered that it cannot store at present, and tries again.
  mutating func noteRepetition(at now: MonotonicTime) { lastMoved = now }

  func isStuck(at now: MonotonicTime) -> Bool { !isEmpty && now - lastMoved >= Self.patience }
}
