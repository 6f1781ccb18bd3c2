import Platform

// The system's clocks. Only the I/O layers read them; hub, sessions and interface take the time as a parameter.

extension MonotonicTime {
  public static func now() -> MonotonicTime { MonotonicTime(nanoseconds: reading(of: CLOCK_MONOTONIC)) }
}

extension Timestamp {
  public static func now() -> Timestamp { Timestamp(milliseconds: reading(of: CLOCK_REALTIME) / 1_000_000) }
}

/// In nanoseconds. Cannot fail, because both clocks exist on every system that Swift supports.
private func reading(of clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}
