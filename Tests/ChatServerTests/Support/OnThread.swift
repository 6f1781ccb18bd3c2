import Foundation

/// Runs a blocking body on its own thread, as a part of the calling test. Swift's pool has one thread per processor,
/// and a server that must answer must not wait for one.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withTaskExecutorPreference(ThreadPerJobExecutor()) { try await run(body) }
}

@concurrent
private func run<Result: Sendable>(_ body: @Sendable () throws -> Result) async throws -> Result { try body() }

/// Runs each job of a task on a new thread.
private final class ThreadPerJobExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }.start()
  }
}
