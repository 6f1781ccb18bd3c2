import ChatProtocol

/// So much at once, and so much a second from then on. Filled by the clock alone, so that it costs nothing while nobody
/// takes from it.
struct TokenBucket: Sendable {
  struct Size: Hashable, Sendable {
    var burst: Int
    var perSecond: Int

    /// How long it takes to fill that much.
    fileprivate func time(for count: Int) -> Duration {
      let (product, overflows) = max(count, 0).multipliedReportingOverflow(by: 1_000_000_000)
      return .nanoseconds(overflows ? .max : product / max(perSecond, 1))
    }
  }

  private var fullAt = MonotonicTime(nanoseconds: .min)

  /// Takes so much, whether or not it is there.
  /// - Returns: whether it was.
  mutating func take(_ count: Int, of size: Size, at now: MonotonicTime) -> Bool {
    fullAt = max(fullAt, now) + size.time(for: count)
    return isPaid(size, at: now)
  }

  /// Whether no more was taken than there was.
  func isPaid(_ size: Size, at now: MonotonicTime) -> Bool { fullAt - now <= size.time(for: size.burst) }
}
