/// CPU time as a measure of work: unlike the time by the clock, it does not depend on how busy the machine is.
package enum CPUTime {
  /// The CPU time that the calling thread has used since it started.
  package static func ofThisThread() -> Duration {
    var time = timespec()
    // Cannot fail, because the clock exists on every system that Swift supports.
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }
}
