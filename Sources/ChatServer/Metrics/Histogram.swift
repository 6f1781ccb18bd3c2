import ChatProtocol

/// How long things took, in as many buckets as tell a fast disk from a slow one.
struct Histogram: Sendable, Equatable {
  /// Seconds, each the upper bound of a bucket; one without a bound follows.
  static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

  /// How many fell into each bucket, and not into one before.
  private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
  private(set) var seconds = 0.0

  mutating func add(_ duration: Duration) {
    let seconds = Double(duration.nanoseconds) / 1e9
    self.seconds += seconds
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] &+= 1
  }
}
