import ChatProtocol

/// How long to wait before the next attempt: longer each time, and never the same for two clients, so that a server
/// that comes back is not met by all of them at once.
struct Backoff: Sendable {
  /// Seconds, the last for ever.
  private static let steps = [1, 2, 4, 8, 16, 30]

  /// How many delays were given since the last reset.
  private(set) var failures = 0

  /// - Returns: the step's length times a number from 0.5 to 1.
  mutating func next(using random: inout SplitMix64) -> Duration {
    let whole = Self.steps[min(failures, Self.steps.count - 1)] * 1000
    failures = min(failures + 1, 1_000_000)
    return .milliseconds(Int.random(in: whole / 2...whole, using: &random))
  }

  mutating func reset() { failures = 0 }
}
