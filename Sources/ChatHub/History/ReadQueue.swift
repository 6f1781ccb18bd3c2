import ChatProtocol
import DequeModule

/// One session's reads and redactions in the log.
struct ReadQueue: Sendable {
  private(set) var underWay: Set<ReadID> = []
  /// The number of redactions under way.
  private(set) var redacting = 0
  private var waiting: Deque<Read> = []

  /// The maximum number of concurrent reads per session, so that others get their share.
  private static let maximumUnderWay = 4
  /// With this many reads waiting, no further request is accepted.
  private static let maximumWaiting = 64

  private static let maximumRedactions = 16

  var isIdle: Bool { underWay.isEmpty && waiting.isEmpty && redacting == 0 }
  var hasMaximumRedactions: Bool { redacting >= Self.maximumRedactions }
  var isFull: Bool { waiting.count >= Self.maximumWaiting }

  mutating func append(_ read: Read) { waiting.append(read) }

  /// The next read to start; the caller must then call `begin`.
  mutating func next() -> Read? { underWay.count < Self.maximumUnderWay ? waiting.popFirst() : nil }

  mutating func begin(_ id: ReadID) { underWay.insert(id) }
  mutating func finish(_ id: ReadID) { underWay.remove(id) }

  /// - Returns: the reads that were started, in their order.
  mutating func cancelAll() -> [ReadID] {
    defer {
      underWay = []
      waiting = []
    }
    return underWay.sorted { $0.number < $1.number }
  }

  mutating func beginRedaction() { redacting += 1 }
  mutating func finishRedaction() { redacting -= 1 }
}

/// A read from the log, and its purpose.
struct Read: Sendable {
  var request: ReadRequest
  var purpose: Purpose

  enum Purpose: Sendable {
    case history(Address, HistoryRange, ReplyAddress)
    /// - Parameter address: nil for all conversations that the member may read.
    case search(Address?, ReplyAddress)
    case acts(ReplyAddress)
    /// Messages that a client missed: after one sequence, up to the head at the time of its subscription.
    case catchUp(Address, after: Int, head: Int, subscription: UInt64)
  }
}
