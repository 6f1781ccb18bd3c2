import ChatProtocol

/// Tracks whether the user is looking at the screen, as far as the terminal reports it, and whether the user is typing.
/// Limits notifications.
struct Attention: Hashable, Sendable {
  /// The last focus report. Many terminals send none; tmux and screen do so only if configured.
  private var reported: Bool?
  private var lastKey: Timestamp?
  private var notifications = NotificationLimiter()

  /// In milliseconds. Without focus reports, output this long after the last key may not have been seen.
  private static let afterKey: Int64 = 15_000
  /// In milliseconds: longer than the pause between two keys of a user who is typing.
  static let betweenKeys: Int64 = 900

  mutating func report(_ isFocused: Bool) {
    reported = isFocused
    if isFocused { notifications.noteReaction() }
  }

  mutating func noteKey(at now: Timestamp) {
    lastKey = now
    notifications.noteReaction()
  }

  /// - Returns: whether a notification may be sent now.
  mutating func admitNotification(at now: Timestamp) -> Bool { notifications.admit(at: now) }

  func isFocused(at now: Timestamp) -> Bool { reported ?? wasKeyPressed(within: Self.afterKey, at: now) }

  /// Whether the next key may belong to text being typed.
  func isTyping(at now: Timestamp) -> Bool { wasKeyPressed(within: Self.betweenKeys, at: now) }

  private func wasKeyPressed(within milliseconds: Int64, at now: Timestamp) -> Bool {
    // If the clock was set back, no key counts as recent.
    lastKey.map { (0..<milliseconds).contains(now.milliseconds &- $0.milliseconds) } ?? false
  }
}
