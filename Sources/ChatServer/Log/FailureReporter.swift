import ChatProtocol

/// Decides when to report a repeated failure to the operator: at its beginning, once a minute while it lasts, and at
/// its end.
struct FailureReporter {
  private var episode: Episode?

  private struct Episode {
    var lastTold: MonotonicTime
    var failures: Int
  }

  enum FailureChange: Hashable {
    case began
    /// - Parameter failures: the number since the beginning.
    case goesOn(failures: Int)
    case isOver(failures: Int)
  }

  private static let interval = Duration.seconds(60)

  /// - Parameter count: the number of simultaneous failures.
  mutating func failed(_ count: Int = 1, at now: MonotonicTime) -> FailureChange? {
    guard var episode else {
      self.episode = Episode(lastTold: now, failures: count)
      return .began
    }
    episode.failures &+= count
    let isDue = now - episode.lastTold >= Self.interval
    if isDue { episode.lastTold = now }
    self.episode = episode
    return isDue ? .goesOn(failures: episode.failures) : nil
  }

  mutating func worked() -> FailureChange? {
    defer { episode = nil }
    return episode.map { .isOver(failures: $0.failures) }
  }
}
