import ChatProtocol

/// Keeps the server from finding us idle, and finds out when the link is dead.
struct Heartbeat: Sendable {
  /// Often enough to notice soon that the link is dead, and for servers that do not tell their idle timeout.
  private static let longest = Duration.seconds(15)
  private static let shortest = Duration.milliseconds(250)
  private static let patience = Duration.seconds(15)

  private var interval: Duration

  private var lastSent: MonotonicTime
  /// When the first request was sent that nothing has followed yet.
  private var waitingSince: MonotonicTime?

  /// - Parameter idleTimeout: that of the server, where it is known.
  init(idleTimeout: Duration? = nil, at now: MonotonicTime) {
    lastSent = now
    interval = Self.interval(for: idleTimeout)
  }

  mutating func learn(idleTimeout: Duration?) { interval = Self.interval(for: idleTimeout) }

  /// A quarter of the timeout, so that one that is delayed is in time all the same.
  private static func interval(for idleTimeout: Duration?) -> Duration {
    idleTimeout.map { min(max($0 / 4, shortest), longest) } ?? longest
  }

  mutating func sent(at now: MonotonicTime, expectsAnswer: Bool) {
    lastSent = now
    if expectsAnswer, waitingSince == nil { waitingSince = now }
  }

  /// Whatever it was.
  mutating func heard() { waitingSince = nil }

  var pingDue: MonotonicTime { lastSent + interval }

  /// When the link counts as dead.
  var deadAt: MonotonicTime { waitingSince.map { $0 + Self.patience } ?? .distantFuture }
}
