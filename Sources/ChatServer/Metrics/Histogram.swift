import ChatProtocol

/// A histogram of durations, with enough buckets to distinguish a fast disk from a slow one.
struct Histogram: Sendable, Equatable {
  /// The upper bounds of the buckets, in seconds; an unbounded bucket follows.
  static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

  /// The number of values per bucket, not cumulative.
  private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
  private(set) var seconds = 0.0

  mutating func add(_ duration: Duration) {
    let seconds = Double(duration.nanoseconds) / 1e9
    self.seconds += seconds
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] &+= 1
  }
}
