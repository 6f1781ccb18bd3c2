import ChatLog
import ChatProtocol
import ChatRecords

/// Counters of the log since the start.
struct LogMetrics: Sendable {
  private(set) var stored = 0
  /// Messages that could not be stored.
  private(set) var failures = 0
  /// The durations of the commits of messages.
  private(set) var commits = Histogram()

  mutating func count(_ outcomes: [StoreOutcome]) {
    for case .stored in outcomes { stored &+= 1 }
  }

  /// - Parameter count: the number of messages.
  mutating func fail(_ count: Int = 1) { failures &+= count }

  mutating func commit(_ duration: Duration) { commits.add(duration) }
}
