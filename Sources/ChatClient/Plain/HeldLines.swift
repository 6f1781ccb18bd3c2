import ChatProtocol
import DequeModule

/// Lines of a server without tags that wait for its next answer to `WHO`, which decides whether the first of them is a
/// user's message. The other lines wait to keep the order.
struct HeldLines: Sendable {
  struct Entry: Sendable {
    var text: String
    /// Time of arrival.
    var moment: Moment
    /// Number of lines sent by then: the answer to a later `WHO` lists the author.
    var after: UInt64
  }

  static let limit = 500
  private static let patience = Duration.seconds(3)

  private var entries: Deque<Entry> = []

  var isEmpty: Bool { entries.isEmpty }
  var isFull: Bool { entries.count >= Self.limit }
  var first: Entry? { entries.first }
  /// Time at which the first line stops waiting.
  var deadline: MonotonicTime { entries.first.map { $0.moment.now + Self.patience } ?? .distantFuture }

  mutating func append(_ entry: Entry) { entries.append(entry) }
  mutating func removeFirst() { if !entries.isEmpty { entries.removeFirst() } }
}
