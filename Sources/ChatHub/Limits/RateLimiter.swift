import ChatProtocol

/// The rate limit of one session.
struct RateLimiter: Sendable {
  private var lines = TokenBucket()
  private var bytes = TokenBucket()
  private var warned: MonotonicTime?

  /// More frequent warnings would not be read.
  private static let warningInterval = Duration.seconds(10)

  /// - Parameter tenths: the cost of the line, in tenths of a line that reaches other members.
  /// - Returns: whether the remaining allowance covered it.
  mutating func take(tenths: Int, bytes count: Int, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    // Both buckets are charged, regardless of the first result.
    let isPaid = lines.take(tenths, of: limits.lines, at: now)
    return bytes.take(count, of: limits.bytes, at: now) && isPaid
  }

  func isPaid(_ limits: HubLimits, at now: MonotonicTime) -> Bool {
    lines.isPaid(limits.lines, at: now) && bytes.isPaid(limits.bytes, at: now)
  }

  /// - Returns: whether the session should get a warning now.
  mutating func warn(at now: MonotonicTime) -> Bool {
    if let warned, now - warned < Self.warningInterval { return false }
    warned = now
    return true
  }
}

extension HubLimits {
  /// In tenths of a line.
  fileprivate var lines: TokenBucket.BucketSize {
    TokenBucket.BucketSize(burst: tenfold(lineBurst), perSecond: tenfold(linesPerSecond))
  }
  fileprivate var bytes: TokenBucket.BucketSize { TokenBucket.BucketSize(burst: byteBurst, perSecond: bytesPerSecond) }

  private func tenfold(_ count: Int) -> Int {
    let (product, overflows) = count.multipliedReportingOverflow(by: 10)
    return overflows ? .max : product
  }
}
