import ChatProtocol

/// Sends pings so that the server's idle timeout does not expire, and detects dead connections.
struct Heartbeat: Sendable {
  /// Short enough to notice a dead connection soon, and for servers that do not announce their idle timeout.
  private static let longest = Duration.seconds(15)
  private static let shortest = Duration.milliseconds(250)
  private static let patience = Duration.seconds(15)

  private var interval: Duration

  private var lastSent: MonotonicTime
  /// Time of the first request since the last line was received.
  private var waitingSince: MonotonicTime?

  /// - Parameter idleTimeout: the server's idle timeout, if known.
  init(idleTimeout: Duration? = nil, at now: MonotonicTime) {
    lastSent = now
    interval = Self.interval(for: idleTimeout)
  }

  mutating func learn(idleTimeout: Duration?) { interval = Self.interval(for: idleTimeout) }

  /// A quarter of the timeout, so that a delayed ping is still in time.
  private static func interval(for idleTimeout: Duration?) -> Duration {
    idleTimeout.map { min(max($0 / 4, shortest), longest) } ?? longest
  }

  mutating func sent(at now: MonotonicTime, expectsAnswer: Bool) {
    lastSent = now
    if expectsAnswer, waitingSince == nil { waitingSince = now }
  }

  /// Any line was received.
  mutating func heard() { waitingSince = nil }

  var pingDue: MonotonicTime { lastSent + interval }

  /// Time at which the connection counts as dead.
  var deadAt: MonotonicTime { waitingSince.map { $0 + Self.patience } ?? .distantFuture }
}
