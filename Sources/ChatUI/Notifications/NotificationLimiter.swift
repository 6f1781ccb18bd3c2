import ChatProtocol

/// Limits how often the bell rings and notifications are sent: the pause doubles while the user does not react.
struct NotificationLimiter: Hashable, Sendable {
  private var last: Timestamp?
  private var pause = Self.shortestPause

  /// In milliseconds.
  private static let shortestPause: Int64 = 2000
  private static let longestPause: Int64 = 64_000

  /// - Returns: whether a notification may be sent now.
  mutating func admit(at now: Timestamp) -> Bool {
    if let last {
      // If the clock was set back, notifications are not silenced.
      guard !(0..<pause).contains(now.milliseconds &- last.milliseconds) else { return false }
      pause = min(pause * 2, Self.longestPause)
    }
    last = now
    return true
  }

  /// Resets the pause: the window got the focus, or a key was pressed.
  mutating func noteReaction() { pause = Self.shortestPause }
}
