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

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif
}
