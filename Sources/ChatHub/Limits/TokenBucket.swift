import ChatProtocol

/// A burst allowance that refills at a fixed rate. Its only state is a time, so an idle bucket costs nothing.
struct TokenBucket: Sendable {
  struct BucketSize: Hashable, Sendable {
    var burst: Int
    var perSecond: Int

    /// The time to refill this many tokens.
    fileprivate func time(for count: Int) -> Duration {
      let (product, overflows) = max(count, 0).multipliedReportingOverflow(by: 1_000_000_000)
      return .nanoseconds(overflows ? .max : product / max(perSecond, 1))
    }
  }

  private var fullAt = MonotonicTime(nanoseconds: .min)

  /// Deducts tokens, even if there are not enough.
  /// - Returns: whether there were enough.
  mutating func take(_ count: Int, of size: BucketSize, at now: MonotonicTime) -> Bool {
    fullAt = max(fullAt, now) + size.time(for: count)
    return isPaid(size, at: now)
  }

  /// Whether the bucket is not overdrawn.
  func isPaid(_ size: BucketSize, at now: MonotonicTime) -> Bool { fullAt - now <= size.time(for: size.burst) }
}
