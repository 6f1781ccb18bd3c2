import ChatProtocol

/// Sends pings so that the server's idle timeout does not expire, and detects dead connections.
struct Heartbeat: Sendable {
  /// The time between two pings, and the time after which a silent connection counts as dead.
  struct Timing: Sendable {
    /// Longest time without a request.
    var interval: Duration
    /// Longest time without a line from the server, once something was requested.
    var patience: Duration

    /// Short enough for servers that do not announce their idle timeout.
    static let standard = Timing(interval: .seconds(15), patience: .seconds(15))
    /// For a server with other hosts: 10 seconds after a host has lost its power, its users are on another one. A longer
    /// pause of the network only costs a change of hosts.
    static let severalHosts = Timing(interval: .seconds(4), patience: .seconds(5))
  }

  private static let shortest = Duration.milliseconds(250)

  private let timing: Timing
  private var interval: Duration

  private var lastSent: MonotonicTime
  /// Time of the first request since the last line was received.
  private var waitingSince: MonotonicTime?
  /// Time of a ping behind that request; nil if one was sent since, or is not needed.
  private var probeAt: MonotonicTime?

  /// - Parameter idleTimeout: the server's idle timeout, if known.
  init(_ timing: Timing = .standard, idleTimeout: Duration? = nil, at now: MonotonicTime) {
    self.timing = timing
    interval = timing.interval
    lastSent = now
    learn(idleTimeout: idleTimeout)
  }

  /// A quarter of the timeout at most, so that a delayed ping is still in time.
  mutating func learn(idleTimeout: Duration?) {
    interval = idleTimeout.map { min(max($0 / 4, Self.shortest), timing.interval) } ?? timing.interval
  }

  /// A request was sent.
  /// - Parameter mayWait: whether the server may answer a later ping first, as it does while its log stores nothing. That
  ///   ping is then due early enough to show that the connection is alive. False for a ping itself.
  mutating func sent(at now: MonotonicTime, expectsAnswer: Bool, mayWait: Bool) {
    lastSent = now
    if !mayWait { probeAt = nil }
    guard expectsAnswer, waitingSince == nil else { return }
    waitingSince = now
    if mayWait { probeAt = now + timing.patience / 2 }
  }

  /// Any line was received.
  mutating func heard() {
    waitingSince = nil
    probeAt = nil
  }

  var pingDue: MonotonicTime { min(lastSent + interval, probeAt ?? .distantFuture) }

  var patience: Duration { timing.patience }

  /// Time at which the connection counts as dead.
  var deadAt: MonotonicTime { waitingSince.map { $0 + timing.patience } ?? .distantFuture }
}
