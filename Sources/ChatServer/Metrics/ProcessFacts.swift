import Platform

/// The system's data about this process.
struct ProcessFacts: Sendable {
  var cpuSeconds = 0.0
  /// Nil if the system does not report it.
  var openFiles: Int?
  var residentBytes: Int?
  let startTime: Double

  /// Seconds since 1970.
  static func currentTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Queries the system. Uses no disk, but takes time proportional to the number of open files.
  static func read(startTime: Double) -> ProcessFacts {
    var facts = ProcessFacts(startTime: startTime)
    var usage = rusage()
    if getrusage(itself, &usage) == 0 {
      facts.cpuSeconds = [usage.ru_utime, usage.ru_stime].reduce(0) {
        $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
      }
    }
    #if os(Linux)
      facts.openFiles = countFiles()
      facts.residentBytes = residentPages().map { $0 &* sysconf(Int32(_SC_PAGESIZE)) }
    #endif
    return facts
  }

  #if canImport(Glibc)
    private static let itself = RUSAGE_SELF.rawValue
  #else
    private static let itself = RUSAGE_SELF
  #endif

  #if os(Linux)
    private static func countFiles() -> Int? {
      guard let folder = opendir("/proc/self/fd") else { return nil }
      defer { closedir(folder) }
      var count = 0
      while readdir(folder) != nil { count += 1 }
      // ".", "..", and the descriptor of this directory.
      return max(count - 3, 0)
    }
  #endif

  func write(to text: inout PrometheusText) {
    text.counter("process_cpu_seconds_total", "User and system time.", cpuSeconds)
    if let openFiles { text.gauge("process_open_fds", "Open file descriptors.", Double(openFiles)) }
    text.gauge("process_max_fds", "How many there may be.", Double(FileDescriptorLimit.current))
    if let residentBytes { text.gauge("process_resident_memory_bytes", "Resident memory.", Double(residentBytes)) }
    text.gauge("process_start_time_seconds", "When the server started, since 1970.", startTime)
  }
}
