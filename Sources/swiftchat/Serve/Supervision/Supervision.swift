import ChatServer
import ServiceLifecycle

/// Tells the service manager that the server is up, that it still does what it should, and that it ends. Last in its
/// group, so that it is the first to hear of the end.
struct Supervision: Service {
  let manager: ServiceManager
  let server: ChatServer
  /// How often it is to be told that the server is alive; nil: never.
  let interval: Duration?

  /// - Parameters:
  ///   - period: `$WATCHDOG_USEC`, in which it must be told once.
  ///   - process: `$WATCHDOG_PID`, whom that is for; nil: whom it was given to.
  static func interval(period: String?, process: String?, own: Int32) -> Duration? {
    guard let period, let microseconds = Int64(period), microseconds > 0, process.map({ Int32($0) == own }) ?? true
    else { return nil }
    return .microseconds(max(microseconds / 2, 1000))
  }

  func run() async throws {
    manager.tell(.ready)
    let pulse = interval.map { interval in Task { try await beat(every: interval) } }
    try? await gracefulShutdown()
    pulse?.cancel()
    manager.tell(.stopping)
  }

  /// An event loop that hangs does not answer, and then the service manager is not told.
  private func beat(every interval: Duration) async throws {
    while true {
      _ = try await server.trouble()
      manager.tell(.alive)
      try await Task.sleep(for: interval)
    }
  }
}
