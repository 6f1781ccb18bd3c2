import ChatLog
import ChatProtocol

/// The times of the log's next maintenance.
struct MaintenanceSchedule {
  private var nextTidying = MonotonicTime(nanoseconds: .min)
  private var nextPruning = MonotonicTime(nanoseconds: .min)

  private static let tidyingInterval = Duration.seconds(1)
  private static let pruningInterval = Duration.seconds(3600)

  mutating func isTidyingDue(at now: MonotonicTime) -> Bool {
    guard now >= nextTidying else { return false }
    nextTidying = now + Self.tidyingInterval
    return true
  }

  /// A room was deleted: prune its messages soon.
  mutating func hastenPruning() { nextPruning = MonotonicTime(nanoseconds: .min) }

  /// True at the start, and then every hour. Pruning also runs with unlimited retention: rooms may have been deleted.
  mutating func isPruningDue(at now: MonotonicTime) -> Bool {
    guard now >= nextPruning else { return false }
    nextPruning = now + Self.pruningInterval
    return true
  }
}
