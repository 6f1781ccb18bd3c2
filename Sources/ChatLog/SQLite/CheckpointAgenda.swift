import ChatProtocol

/// When what was stored is next to be carried over from the write-ahead log into the database. SQLite does so by itself
/// after some thousand pages, which may take days; until then a copy of the database alone lacks the newest messages,
/// and the write-ahead log has the texts that were taken away.
struct CheckpointAgenda: Sendable {
  private var isNeeded = false
  private var isUrgent = false
  private var lastWrite = MonotonicTime(nanoseconds: .min)
  private var lastCheckpoint = MonotonicTime(nanoseconds: .min)

  /// Nothing was written for so long.
  private static let idle = Duration.seconds(2)
  /// However much is written.
  private static let interval = Duration.seconds(60)

  mutating func note(at now: MonotonicTime) {
    isNeeded = true
    lastWrite = now
  }

  /// Something that was taken away is still to be read in the write-ahead log.
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
