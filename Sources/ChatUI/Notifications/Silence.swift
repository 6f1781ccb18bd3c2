import ChatProtocol

/// A period without notifications.
struct Silence: Hashable, Sendable {
  private let start: Timestamp
  /// Nil if it lasts until the user ends it.
  private let milliseconds: Int64?

  init(at now: Timestamp, for duration: Duration? = nil) {
    start = now
    milliseconds = duration.map { $0.nanoseconds / 1_000_000 }
  }

  func holds(at now: Timestamp) -> Bool {
    guard let milliseconds else { return true }
    // If the clock was set back, the silence ends.
    return (0..<milliseconds).contains(now.milliseconds &- start.milliseconds)
  }

  /// The end; nil if it lasts until the user ends it.
  var end: Timestamp? { milliseconds.map { Timestamp(milliseconds: start.milliseconds &+ $0) } }
}
