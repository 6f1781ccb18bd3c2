import ChatServer
import ServiceLifecycle

/// Notifies the service manager that the server is ready, that it is alive, and that it stops. Last in its service
/// group, so that it is the first to be shut down.
struct Supervision: Service {
  let manager: ServiceManager
  let server: ChatServer
  /// Interval of keep-alive notifications; nil if there are none.
  let interval: Duration?

  /// - Parameters:
  ///   - period: `$WATCHDOG_USEC`, the timeout for one notification.
  ///   - process: `$WATCHDOG_PID`, the process that must notify; nil for the one that received `$WATCHDOG_USEC`.
  static func interval(period: String?, process: String?, own: Int32) -> Duration? {
    guard let period, let microseconds = Int64(period), microseconds > 0, process.map({ Int32($0) == own }) ?? true
    else { return nil }
    return .microseconds(max(microseconds / 2, 1000))
  }

  func run() async throws {
    manager.tell(.ready)
    let keepAlive = interval.map { interval in Task { try await notifyAlive(every: interval) } }
    try? await gracefulShutdown()
    keepAlive?.cancel()
    manager.tell(.stopping)
  }

  /// A hanging event loop does not answer, and the service manager then receives no notification.
  private func notifyAlive(every interval: Duration) async throws {
    while true {
      _ = try await server.trouble()
      manager.tell(.alive)
      try await Task.sleep(for: interval)
    }
  }
}
