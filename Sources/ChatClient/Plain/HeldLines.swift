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
  private static let shortPatience = Duration.seconds(3)
  /// For a server that answers slowly.
  private static let longPatience = Duration.seconds(15)

  private var entries: Deque<Entry> = []
  /// Time that a line waits.
  private var patience = Self.shortPatience

  var isEmpty: Bool { entries.isEmpty }
  var isFull: Bool { entries.count >= Self.limit }
  var first: Entry? { entries.first }
  /// Time at which the first line stops waiting.
  var deadline: MonotonicTime { entries.first.map { $0.moment.now + patience } ?? .distantFuture }
  var texts: [String] { entries.map(\.text) }

  /// The server took this time to answer a `PING`. A roster takes a `WHO` and a `PING`, and may have to wait for the
  /// present one.
  mutating func noteLag(_ lag: Duration) { patience = min(max(lag * 5, Self.shortPatience), Self.longPatience) }

  mutating func append(_ entry: Entry) { entries.append(entry) }
  mutating func removeFirst() { if !entries.isEmpty { entries.removeFirst() } }
}
