import ChatProtocol

/// How many of a server's lines that mean nothing are shown: enough for a long greeting and for a server with words
/// of its own, too few to drown the conversation.
struct NoticeBudget: Sendable {
  private static let most = 20
  private static let refill = Duration.seconds(5)

  private var left = NoticeBudget.most
  private var refilledAt: MonotonicTime

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
}
