import ChatRecords
import Synchronization

/// The lives of nodes of this process that could not end, for instance because the database was away. Other nodes see
/// them until their leases end, and `orphans` does not find them, because the process is there. The next node of the
/// process ends them.
enum AbandonedLives {
  private static let lives = Mutex<[[UInt8]: [PostgresNodes.Life]]>([:])

  /// - Parameter secret: identifies the log.
  static func add(_ added: [PostgresNodes.Life], of secret: [UInt8]) {
    guard !added.isEmpty else { return }
    lives.withLock { $0[secret, default: []] += added }
  }

  /// Removes and returns those of a log.
  static func take(of secret: [UInt8]) -> [PostgresNodes.Life] {
    lives.withLock { $0.removeValue(forKey: secret) ?? [] }
  }
}
