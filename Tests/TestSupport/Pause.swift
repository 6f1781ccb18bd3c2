import Foundation

extension Patience {
  /// Sleeps. `Task.sleep` ends in the pool of threads that most tests share: while other tests compute there, and behind
  /// all that waits in its queue. This sleep ends on the threads of the task itself.
  ///
  /// A cancelled task throws `CancellationError`, but sleeps to the end: for short durations.
  package static func pause(for duration: Duration) async throws {
    try Task.checkCancellation()
    await withCheckedContinuation { WakeUps.shared.add($0, at: ContinuousClock.now + duration) }
    try Task.checkCancellation()
  }
}

/// Resumes sleeping tasks, from a thread that lives as long as the process.
private final class WakeUps: @unchecked Sendable {  // The condition guards the sleepers.
  static let shared = WakeUps()

  private struct Sleeper {
    var end: ContinuousClock.Instant
    var task: CheckedContinuation<Void, Never>
  }

  private let condition = NSCondition()
  /// The one that is due last comes first: most new ones are due after all others.
  private var sleepers: [Sleeper] = []

  private init() {
    let thread = Thread { [unowned self] in
      while true { self.next().resume() }
    }
    thread.start()
  }

  func add(_ task: CheckedContinuation<Void, Never>, at end: ContinuousClock.Instant) {
    condition.withLock {
      let place = sleepers.firstIndex { $0.end <= end } ?? sleepers.endIndex
      sleepers.insert(Sleeper(end: end, task: task), at: place)
    }
    condition.signal()
  }

  /// Waits until a sleeper is due, and removes it.
  private func next() -> CheckedContinuation<Void, Never> {
    condition.withLock {
      while true {
        guard let first = sleepers.last else {
          condition.wait()
          continue
        }
        let rest = ContinuousClock.now.duration(to: first.end)
        guard rest > .zero else {
          sleepers.removeLast()
          return first.task
        }
        _ = condition.wait(until: Date(timeIntervalSinceNow: rest / .seconds(1)))
      }
    }
  }
}
