import ChatProtocol

/// Whether the person looks at the screen, as far as the terminal tells.
struct Attention: Hashable, Sendable {
  /// What the terminal reported last. Many never report anything: tmux and screen, unless they are told to.
  private var reported: Bool?
  private var lastKey: Timestamp?

  /// In milliseconds. Without reports, what comes so long after the last key has perhaps not been seen.
  private static let afterKey: Int64 = 15_000

  mutating func report(_ isFocused: Bool) { reported = isFocused }

  mutating func noteKey(at now: Timestamp) { lastKey = now }

  func isFocused(at now: Timestamp) -> Bool {
    if let reported { return reported }
    // A clock that was put back makes no key recent.
    return lastKey.map { (0..<Self.afterKey).contains(now.milliseconds &- $0.milliseconds) } ?? false
  }
}
