#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// The system's clocks, for the shells alone: whatever decides something is handed the time.

extension MonotonicTime {
  public static func now() -> MonotonicTime { MonotonicTime(nanoseconds: reading(of: CLOCK_MONOTONIC)) }
}

extension Timestamp {
  public static func now() -> Timestamp { Timestamp(milliseconds: reading(of: CLOCK_REALTIME) / 1_000_000) }
}

/// In nanoseconds; both clocks exist on every system that Swift runs on, so that the call cannot fail.
private func reading(of clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}
