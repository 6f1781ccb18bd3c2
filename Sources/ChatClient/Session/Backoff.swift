import ChatProtocol

/// Delay before the next connection attempt. Delays grow with each attempt and are randomised, so that clients do not
/// reconnect to a restarted server all at once.
struct Backoff: Sendable {
  /// The longest delay before another host is tried after a lost connection, in milliseconds. The clients of a lost host
  /// arrive at the others spread over this time.
  private static let spread = 500

  /// In seconds; the last value repeats.
  private static let steps = [1, 2, 4, 8, 16, 30]

  /// Number of delays since the last reset.
  private(set) var failures = 0

  /// - Returns: the length of the step times a random factor from 0.5 to 1.
  mutating func next(using random: inout SplitMix64) -> Duration {
    let whole = Self.steps[min(failures, Self.steps.count - 1)] * 1000
    failures = min(failures + 1, 1_000_000)
    return .milliseconds(Int.random(in: whole / 2...whole, using: &random))
  }

  /// The delay before another host of the same server is tried. Not counted as a failure.
  static func jitter(using random: inout SplitMix64) -> Duration {
    .milliseconds(Int.random(in: 1...spread, using: &random))
  }

  mutating func reset() { failures = 0 }
}
