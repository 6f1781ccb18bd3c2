import ChatProtocol

/// How fast one session writes.
struct RateLimiter: Sendable {
  private var lines = TokenBucket()
  private var bytes = TokenBucket()
  private var warned: MonotonicTime?

  /// Who is told again and again does not read it.
  private static let warningInterval = Duration.seconds(10)

  /// - Parameter tenths: what the line costs, in tenths of one that others hear.
  /// - Returns: whether there was enough left for it.
  mutating func take(tenths: Int, bytes count: Int, _ limits: HubLimits, at now: MonotonicTime) -> Bool {
    // Both are taken from, whatever the first one says.
    let isPaid = lines.take(tenths, of: limits.lines, at: now)
    return bytes.take(count, of: limits.bytes, at: now) && isPaid
  }

  func isPaid(_ limits: HubLimits, at now: MonotonicTime) -> Bool {
    lines.isPaid(limits.lines, at: now) && bytes.isPaid(limits.bytes, at: now)
  }

  /// - Returns: whether the session is to be told that it is too fast.
  mutating func warn(at now: MonotonicTime) -> Bool {
    if let warned, now - warned < Self.warningInterval { return false }
    warned = now
    return true
  }
}

extension HubLimits {
  /// In tenths of a line.
  fileprivate var lines: TokenBucket.Size {
    TokenBucket.Size(burst: tenfold(lineBurst), perSecond: tenfold(linesPerSecond))
  }
  fileprivate var bytes: TokenBucket.Size { TokenBucket.Size(burst: byteBurst, perSecond: bytesPerSecond) }

  private func tenfold(_ count: Int) -> Int {
    let (product, overflows) = count.multipliedReportingOverflow(by: 10)
    return overflows ? .max : product
  }
}

extension Request {
  /// What the line costs, in tenths of one that others hear. A login that fails is a guess at a name, and a
  /// search may look through all that was ever said.
  var tenths: Int {
    switch verb {
    case .message, .direct, .say, .topic, .away, .join, .part, .create, .invite, .uninvite, .remove, .login, .resume,
      .search:
      10
    default: 1
    }
  }
}
