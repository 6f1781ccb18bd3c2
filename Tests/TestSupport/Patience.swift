/// The time limits of the tests, which wait for expected events and never for a time to pass.
package enum Patience {
  /// The timeout for an expected event. Generous, because a loaded machine may take seconds instead of milliseconds,
  /// and while another program writes much, a hundred commits may take a minute. A passing test never waits that long.
  package static let limit: Duration = .seconds(180)

  /// Calls `probe` repeatedly until it returns an answer; nil if there is none within `timeout`.
  ///
  /// `probe` is called at least once, and once more after the timeout.
  package static func answer<Answer>(
    within timeout: Duration = limit, every interval: Duration = .milliseconds(5),
    _ probe: () async throws -> Answer?
  ) async throws -> Answer? {
    let deadline = ContinuousClock.now + timeout
    while true {
      let isLast = ContinuousClock.now >= deadline
      if let answer = try await probe() { return answer }
      if isLast { return nil }
      try await pause(for: interval)
    }
  }
}
