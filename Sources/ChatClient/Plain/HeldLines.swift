import ChatProtocol
import DequeModule

/// Lines of a server without tags that wait for its next answer to `WHO`, since only that tells whether the first of
/// them is somebody's. The others wait so that nothing is told out of order.
struct HeldLines: Sendable {
  struct Entry: Sendable {
    var text: String
    /// When it came.
    var moment: Moment
    /// How many lines we had sent by then: an answer to a later one knows whoever wrote it.
    var after: UInt64
  }

  static let limit = 500
  private static let patience = Duration.seconds(3)

  private var entries: Deque<Entry> = []

  var isEmpty: Bool { entries.isEmpty }
  var isFull: Bool { entries.count >= Self.limit }
  var first: Entry? { entries.first }
  /// When the first one waits no longer.
  var deadline: MonotonicTime { entries.first.map { $0.moment.now + Self.patience } ?? .distantFuture }

  mutating func append(_ entry: Entry) { entries.append(entry) }
  mutating func removeFirst() { if !entries.isEmpty { entries.removeFirst() } }
}
