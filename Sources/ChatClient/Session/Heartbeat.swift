import ChatProtocol

/// Keeps the server from finding us idle, and finds out when the link is dead.
struct Heartbeat: Sendable {
  /// A quarter of the server's idle timeout.
  private static let interval = Duration.seconds(15)
  private static let patience = Duration.seconds(15)

  private var lastSent: MonotonicTime
  /// When the first request was sent that nothing has followed yet.
  private var waitingSince: MonotonicTime?

  init(at now: MonotonicTime) { lastSent = now }

  mutating func sent(at now: MonotonicTime, expectsAnswer: Bool) {
    lastSent = now
    if expectsAnswer, waitingSince == nil { waitingSince = now }
  }

  /// Whatever it was.
  mutating func heard() { waitingSince = nil }

  var pingDue: MonotonicTime { lastSent + Self.interval }

  /// When the link counts as dead.
  var deadAt: MonotonicTime { waitingSince.map { $0 + Self.patience } ?? .distantFuture }
}
