import Foundation

/// Runs what blocks on a thread of its own, as a part of the test that calls it: Swift's threads are as many as there
/// are processors, and a server that is to answer must not wait for one.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withTaskExecutorPreference(ThreadExecutor()) { try await run(body) }
}

@concurrent
private func run<Result: Sendable>(_ body: @Sendable () throws -> Result) async throws -> Result { try body() }

/// Every piece of a task gets a new thread.
private final class ThreadExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }.start()
  }
}
