import ChatProtocol

/// How many of a server's lines are shown that are no messages and answer nothing, such as notices, the message of the
/// day and errors: enough for a long greeting and for a server with words of its own, too few to drown the conversation.
/// The others are counted.
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

  /// When there is room to say how many lines are missing.
  var due: MonotonicTime { missing > 0 ? refilledAt + Self.refill : .distantFuture }

  mutating func takeMissing() -> Int? {
    defer { missing = 0 }
    return missing > 0 ? missing : nil
  }
}
