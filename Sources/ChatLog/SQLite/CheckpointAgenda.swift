import ChatProtocol

/// Decides when to carry the write-ahead log over into the database. `CheckpointHook` does so only after some thousand
/// pages, which may take days. Until then, a copy of the database file alone lacks the newest messages, and the
/// write-ahead log still contains redacted texts.
struct CheckpointAgenda: Sendable {
  private var isNeeded = false
  private var isUrgent = false
  private var lastWrite = MonotonicTime(nanoseconds: .min)
  private var lastCheckpoint = MonotonicTime(nanoseconds: .min)

  /// Time without writes after which a checkpoint is due.
  private static let idle = Duration.seconds(2)
  /// Interval between checkpoints under constant writing.
  private static let interval = Duration.seconds(60)

  mutating func note(at now: MonotonicTime) {
    isNeeded = true
    lastWrite = now
  }

  /// Redacted text is still readable in the write-ahead log.
  mutating func hurry() { isUrgent = true }

  mutating func finish(at now: MonotonicTime) {
    isNeeded = false
    isUrgent = false
    lastCheckpoint = now
  }

  func isDue(at now: MonotonicTime) -> Bool {
    isNeeded && (isUrgent || now - lastWrite >= Self.idle || now - lastCheckpoint >= Self.interval)
  }
}
