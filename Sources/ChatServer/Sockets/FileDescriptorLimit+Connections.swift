import Platform

extension FileDescriptorLimit {
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
}
