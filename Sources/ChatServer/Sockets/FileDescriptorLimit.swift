#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many files and sockets this process may have open.
public enum FileDescriptorLimit {
  /// Raises the soft limit to the hard one: the default of 1024 was made for `select`.
  /// - Returns: the limit now in force.
  public static func raise() -> Int {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 1024 }
    var raised = limit
    raised.rlim_cur = limit.rlim_max
    #if canImport(Darwin)
      // Above OPEN_MAX setrlimit fails on macOS, whatever the hard limit says.
      raised.rlim_cur = min(raised.rlim_cur, rlim_t(OPEN_MAX))
    #endif
    if raised.rlim_cur > limit.rlim_cur, setrlimit(resource, &raised) == 0 { limit = raised }
    return Int(clamping: limit.rlim_cur)
  }

  /// The soft limit now in force.
  public static var current: Int {
    var limit = rlimit()
    return getrlimit(resource, &limit) == 0 ? Int(clamping: limit.rlim_cur) : 1024
  }

  /// How many connections leave a tenth of the limit for everything else, and where it is low, what the server itself
  /// needs, and a few for those who are being turned away or ask how it is.
  public static func connections(within limit: Int) -> Int {
    max(min(limit / 10 * 9, limit - own - refusals(within: limit) - metricsConnections(within: limit)), 1)
  }

  /// Connections that are being turned away, at a time.
  static func refusals(within limit: Int) -> Int { min(max(limit / 32, 2), 16) }

  /// Connections to the metrics, at a time.
  static func metricsConnections(within limit: Int) -> Int { min(max(limit / 32, 2), 16) }

  /// Standard streams, three event loops, signals and listeners take about 20; the log takes two for each of its five
  /// connections, and two more. A few are left for files that are read again.
  private static let own = 40

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif
}
