import ChatProtocol

/// Whether the user is looking at the screen, as far as the terminal reports it.
struct Attention: Hashable, Sendable {
  /// The last focus report. Many terminals send none; tmux and screen do so only if configured.
  private var reported: Bool?
  private var lastKey: Timestamp?

  /// In milliseconds. Without focus reports, output this long after the last key may not have been seen.
  private static let afterKey: Int64 = 15_000

  mutating func report(_ isFocused: Bool) { reported = isFocused }

  mutating func noteKey(at now: Timestamp) { lastKey = now }

  func isFocused(at now: Timestamp) -> Bool {
    if let reported { return reported }
    // If the clock was set back, no key counts as recent.
    return lastKey.map { (0..<Self.afterKey).contains(now.milliseconds &- $0.milliseconds) } ?? false
  }
}
