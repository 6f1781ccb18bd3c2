import ChatProtocol

/// How often the terminal's bell may ring: again and again less often while nobody reacts.
struct BellLimiter: Hashable, Sendable {
  private var last: Timestamp?
  private var pause = Self.shortestPause

  /// In milliseconds.
  private static let shortestPause: Int64 = 2000
  private static let longestPause: Int64 = 64_000

  /// - Returns: whether it may ring now.
  mutating func ring(at now: Timestamp) -> Bool {
    if let last {
      // A clock that was put back silences nothing.
      guard !(0..<pause).contains(now.milliseconds &- last.milliseconds) else { return false }
      pause = min(pause * 2, Self.longestPause)
    }
    last = now
    return true
  }

  /// The person has come, or pressed a key.
  mutating func noteReaction() { pause = Self.shortestPause }
}
