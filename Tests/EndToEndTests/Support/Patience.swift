/// How the harness waits: for what must come, never for a time to pass.
enum Patience {
  /// How long to wait for what must come before a test gives up. Generous, because a loaded machine may take
  /// seconds for what usually takes milliseconds, and a test that passes never waits that long.
  static let limit: Duration = .seconds(60)

  /// Asks `probe` again and again until it has an answer; nil if there is none within `timeout`.
  ///
  /// `probe` is asked at least once, and once more when the time is up.
  static func answer<Answer>(
    within timeout: Duration = limit, every interval: Duration = .milliseconds(5),
    _ probe: () async throws -> Answer?
  ) async throws -> Answer? {
    let deadline = ContinuousClock.now + timeout
    while true {
      let isLast = ContinuousClock.now >= deadline
      if let answer = try await probe() { return answer }
      if isLast { return nil }
      try await Task.sleep(for: interval)
    }
  }
}
