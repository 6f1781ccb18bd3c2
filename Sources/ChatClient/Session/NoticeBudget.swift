import ChatProtocol

/// Limits the server's lines that are neither messages nor answers, such as notices, the message of the day and errors.
/// The limit allows a long greeting and a server with its own words, but does not let these lines flood the screen.
/// Lines beyond it are counted.
struct NoticeBudget: Sendable {
  private static let most = 100
  private static let refill = Duration.seconds(1)

  private var left = NoticeBudget.most
  private var refilledAt: MonotonicTime
  private var missing = 0

  init(at now: MonotonicTime) { refilledAt = now }

  mutating func spend(at now: MonotonicTime) -> Bool {
    while left < Self.most, refilledAt + Self.refill <= now, refilledAt < now {
      left += 1
      refilledAt = refilledAt + Self.refill
    }
    if left == Self.most { refilledAt = now }
    guard left > 0 else { return false }
    left -= 1
    return true
  }

  mutating func miss(_ count: Int) { missing = min(missing + count, 1_000_000_000) }

  /// Time at which there is room to report the number of missing lines.
  var due: MonotonicTime { missing > 0 ? refilledAt + Self.refill : .distantFuture }

  mutating func takeMissing() -> Int? {
    defer { missing = 0 }
    return missing > 0 ? missing : nil
  }
}
