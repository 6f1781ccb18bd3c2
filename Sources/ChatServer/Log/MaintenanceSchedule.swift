import ChatLog
import ChatProtocol

/// When the log is next to do what can wait.
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

  /// A room was deleted: what was said in it is to be pruned.
  mutating func hastenPruning() { nextPruning = MonotonicTime(nanoseconds: .min) }

  /// At once after the start, and from then on every hour. Also where all is kept: rooms may have been deleted.
  mutating func isPruningDue(at now: MonotonicTime) -> Bool {
    guard now >= nextPruning else { return false }
    nextPruning = now + Self.pruningInterval
    return true
  }
}
