import ChatProtocol
import Platform

/// Wall-clock time that ignores a jump of the system clock until the jump has lasted: a wrong clock must not end bans
/// and invitations, or prune messages within their retention.
struct SteadyClock {
  /// How long a jump must last before it is accepted.
  private let patience: Duration
  /// How long the system clock must differ from the initial time; nil when this no longer applies.
  private var initialPatience: Duration?
  private var last: Timestamp?
  private var lastUptime: Duration
  /// Nil if the system clock agrees with the expected time.
  private var jump: Jump?

  private struct Jump {
    /// From the expected time to the system clock's, in milliseconds.
    let difference: Int64
    /// The uptime when it was first seen.
    let since: Duration
    let patience: Duration

    func isSame(as other: Int64) -> Bool {
      let (change, overflows) = other.subtractingReportingOverflow(difference)
      return !overflows && change.magnitude <= UInt64(SteadyClock.tolerance)
    }
  }

  /// In milliseconds; smaller corrections are followed at once.
  private static let tolerance: Int64 = 300_000
  /// The start of 2020, in milliseconds since 1970: a clock below this was not set yet.
  private static let first: Int64 = 1_577_836_800_000

  /// - Parameters:
  ///   - atStart: the patience with a clock that differs from `last` at the start; nil for the same as with jumps.
  ///   - last: a time that the first reading of the system clock is compared with; nil to accept that reading.
  ///   - uptime: the time since boot, including sleep.
  init(patience: Duration, atStart: Duration? = nil, after last: Timestamp? = nil, uptime: Duration = .zero) {
    self.patience = patience
    initialPatience = atStart
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
    let jump =
      if let known = self.jump, known.isSame(as: difference) {
        known
      } else {
        begin(difference, isAhead: wall > expected, uptime)
      }
    guard uptime - jump.since < jump.patience else { return follow(wall, uptime) }
    self.jump = jump
    (self.last, lastUptime) = (expected, uptime)
    return expected
  }

  /// The time for acts that cannot be undone: that of `time`, or that of the system clock if it is earlier.
  mutating func earliestTime(wall: Timestamp, uptime: Duration) -> Timestamp {
    min(wall, time(wall: wall, uptime: uptime))
  }

  /// A different jump is measured from its own start.
  private mutating func begin(_ difference: Int64, isAhead: Bool, _ uptime: Duration) -> Jump {
    let jump = Jump(difference: difference, since: uptime, patience: initialPatience ?? patience)
    // Not when it is behind: it is probably not set yet, and its first jump forwards counts as the start.
    if isAhead { initialPatience = nil }
    return jump
  }

  private mutating func follow(_ wall: Timestamp, _ uptime: Duration) -> Timestamp {
    (last, lastUptime, jump, initialPatience) = (wall, uptime, nil, nil)
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
