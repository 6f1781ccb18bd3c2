import ChatProtocol
import DequeModule

/// What one session wants of the log, beside the storing of messages.
struct ReadQueue: Sendable {
  private(set) var underWay: Set<ReadID> = []
  /// Messages that the log was asked to take away.
  private(set) var erasing = 0
  private var waiting: Deque<Read> = []

  /// So many are asked at once: the log has others to answer, too.
  private static let maximumUnderWay = 4
  /// With so many waiting, no further request is taken.
  private static let maximumWaiting = 64

  private static let maximumErasing = 16

  var isIdle: Bool { underWay.isEmpty && waiting.isEmpty && erasing == 0 }
  var isErasingMuch: Bool { erasing >= Self.maximumErasing }
  var isFull: Bool { waiting.count >= Self.maximumWaiting }

  mutating func append(_ read: Read) { waiting.append(read) }

  /// The next one to ask the log for; `begin` is due.
  mutating func next() -> Read? { underWay.count < Self.maximumUnderWay ? waiting.popFirst() : nil }

  mutating func begin(_ id: ReadID) { underWay.insert(id) }
  mutating func finish(_ id: ReadID) { underWay.remove(id) }

  /// - Returns: those that the log was asked for, in their order.
  mutating func cancelAll() -> [ReadID] {
    defer {
      underWay = []
      waiting = []
    }
    return underWay.sorted { $0.number < $1.number }
  }

  mutating func beginErasing() { erasing += 1 }
  mutating func finishErasing() { erasing -= 1 }
}

/// What is asked of the log for one session, and what for.
struct Read: Sendable {
  var request: ReadRequest
  var purpose: Purpose

  enum Purpose: Sendable {
    case history(Address, HistoryRange, label: String?)
    /// - Parameter address: nil for wherever one may read.
    case search(Address?, label: String?)
    case acts(label: String?)
    /// What a client missed: all that is behind one sequence, up to the head at the time of its subscription.
    case catchUp(Address, after: Int, head: Int, subscription: UInt64)
  }
}
