import Platform

/// The maximum number of files and sockets that this process can have open.
public enum FileDescriptorLimit {
  /// Raises the soft limit to the hard one: the usual default of 1024 exists for the sake of `select`.
  /// - Returns: the limit now in force.
  public static func raise() -> Int {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 1024 }
    var raised = limit
    raised.rlim_cur = limit.rlim_max
    #if canImport(Darwin)
      // On macOS, setrlimit fails above OPEN_MAX, regardless of the hard limit.
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

  /// The maximum number of client connections. It leaves a tenth of the limit for other uses, or with a low limit the
  /// server's own needs plus some descriptors for refused connections and for the metrics.
  public static func connections(within limit: Int) -> Int {
    max(min(limit / 10 * 9, limit - own - refusals(within: limit) - metricsConnections(within: limit)), 1)
  }

  /// The maximum number of refused connections that linger at once.
  static func refusals(within limit: Int) -> Int { min(max(limit / 32, 2), 16) }

  /// The maximum number of concurrent connections to the metrics.
  static func metricsConnections(within limit: Int) -> Int { min(max(limit / 32, 2), 16) }

  /// Standard streams, three event loops, signals and listeners take about 20; the log takes two for each of its five
  /// connections, and two more. A few remain for files read at a reload.
  private static let own = 40

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif
}
