import ChatProtocol

/// Delay before the next connection attempt. Delays grow with each attempt and are randomised, so that clients do not
/// reconnect to a restarted server all at once.
struct Backoff: Sendable {
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

  mutating func reset() { failures = 0 }
}
