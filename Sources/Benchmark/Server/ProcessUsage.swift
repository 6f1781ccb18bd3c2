import Platform

/// The resource usage of a process, as reported by the kernel.
struct ProcessUsage: Sendable {
  /// CPU time in user and system mode, of all threads.
  var cpuSeconds: Double
  /// Resident memory, including shared pages.
  var residentBytes: Int

  /// - Returns: nil if there is no such process, or if it belongs to another user.
  static func of(_ process: pid_t) -> ProcessUsage? {
    #if canImport(Darwin)
      var usage = rusage_info_v2()
      let result = withUnsafeMutablePointer(to: &usage) { pointer in
        pointer.withMemoryRebound(to: rusage_info_t?.self, capacity: 1) {
          proc_pid_rusage(process, RUSAGE_INFO_V2, $0)
        }
      }
      var timebase = mach_timebase_info_data_t()
      guard result == 0, mach_timebase_info(&timebase) == KERN_SUCCESS, timebase.denom > 0 else { return nil }
      let ticks = Double(usage.ri_user_time) + Double(usage.ri_system_time)
      return ProcessUsage(
        cpuSeconds: ticks * Double(timebase.numer) / Double(timebase.denom) / 1e9,
        residentBytes: Int(clamping: usage.ri_resident_size))
    #else
      // The process's CPU clock counts nanoseconds, /proc/PID/stat hundredths of a second.
      var clock = clockid_t()
      var time = timespec()
      guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return nil }
      guard let pages = residentPages(of: "\(process)") else { return nil }
      return ProcessUsage(
        cpuSeconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9,
        residentBytes: pages * Int(sysconf(Int32(_SC_PAGESIZE))))
    #endif
  }

  static var ofThisProcess: ProcessUsage? { of(getpid()) }

  /// Peak resident memory of this process in bytes.
  static var peakResidentBytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    #if canImport(Darwin)
      return Int(usage.ru_maxrss)
    #else
      return Int(usage.ru_maxrss) * 1024
    #endif
  }
}
