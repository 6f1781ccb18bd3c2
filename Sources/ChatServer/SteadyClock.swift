import ChatProtocol
import Platform

/// Wall-clock time that ignores a jump of the system clock until the jump has lasted: a wrong clock must not end bans
/// and invitations, or prune messages within their retention.
struct SteadyClock {
  /// How long a jump must last before it is accepted.
  private let patience: Duration
  private var last: Timestamp?
  private var lastUptime: Duration
  /// The uptime when the system clock was first seen to differ.
  private var differsSince: Duration?

  /// In milliseconds; smaller corrections are followed at once.
  private static let tolerance: Int64 = 300_000
  /// The start of 2020, in milliseconds since 1970: a clock below this was not set yet.
  private static let first: Int64 = 1_577_836_800_000

  /// - Parameters:
  ///   - last: a time that the first reading of the system clock is compared with; nil to accept that reading.
  ///   - uptime: the time since boot, including sleep.
  init(patience: Duration, after last: Timestamp? = nil, uptime: Duration = .zero) {
    self.patience = patience
    self.last = last
    lastUptime = uptime
  }

  /// - Parameters:
  ///   - wall: the system clock's time.
  ///   - uptime: the time since boot, including sleep.
  mutating func time(wall: Timestamp, uptime: Duration) -> Timestamp {
    guard let last, last.milliseconds >= Self.first || wall.milliseconds < Self.first else {
      return follow(wall, uptime)
    }
    let expected = last.advanced(by: max(uptime - lastUptime, .zero))
    let (difference, overflows) = wall.milliseconds.subtractingReportingOverflow(expected.milliseconds)
    guard overflows || difference.magnitude > UInt64(Self.tolerance) else { return follow(wall, uptime) }
    let since = differsSince ?? uptime
    guard uptime - since < patience else { return follow(wall, uptime) }
    differsSince = since
    (self.last, lastUptime) = (expected, uptime)
    return expected
  }

  /// The time for acts that cannot be undone: that of `time`, or that of the system clock if it is earlier.
  mutating func earliestTime(wall: Timestamp, uptime: Duration) -> Timestamp {
    min(wall, time(wall: wall, uptime: uptime))
  }

  private mutating func follow(_ wall: Timestamp, _ uptime: Duration) -> Timestamp {
    (last, lastUptime, differsSince) = (wall, uptime, nil)
    return wall
  }
}

extension Duration {
  /// The time since boot, including sleep.
  static var uptime: Duration {
    var time = timespec()
    #if canImport(Darwin)
      clock_gettime(CLOCK_MONOTONIC, &time)
    #else
      clock_gettime(CLOCK_BOOTTIME, &time)
    #endif
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }
}
