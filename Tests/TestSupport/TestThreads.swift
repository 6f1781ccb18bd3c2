import DequeModule
import Foundation
import Testing

/// Runs tests on dedicated threads. All other tests share a pool with one thread per core and one queue, where a test
/// that computes for seconds delays a test whose client has a deadline.
public struct TestThreads: TestTrait, SuiteTrait, TestScoping {
  fileprivate let executor: ThreadPoolExecutor

  public var isRecursive: Bool { true }

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(executor, operation: function)
  }
}

extension Trait where Self == TestThreads {
  /// For tests that compute for more than about a second: as many threads as cores.
  public static var computing: TestThreads { TestThreads(executor: .computing) }

  /// For tests that talk to clients and servers with deadlines: several threads.
  public static var interacting: TestThreads { TestThreads(executor: .interacting) }

  /// For tests that block their thread until a database server answers: several threads, so that they hold up no test
  /// with clients and deadlines.
  public static var blocking: TestThreads { TestThreads(executor: .blocking) }
}

/// Runs a body that blocks on a thread of its own, so that it holds up no other test.
public func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
    Thread.detachNewThread {
      do { continuation.resume(returning: try body()) } catch { continuation.resume(throwing: error) }
    }
  }
}

/// Runs a body on the threads of tests with clients and deadlines. It is not cancelled with the present task.
public func onInteractingThread<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
  await Task.detached(executorPreference: ThreadPoolExecutor.interacting) { await body() }.value
}

/// Threads that take jobs from one queue and live as long as the process.
private final class ThreadPoolExecutor: TaskExecutor {
  static let computing = ThreadPoolExecutor(count: ProcessInfo.processInfo.activeProcessorCount)
  static let interacting = ThreadPoolExecutor(count: 8)
  static let blocking = ThreadPoolExecutor(count: 8)

  private let queue = JobQueue()

  private init(count: Int) {
    let queue = queue
    for _ in 0..<count {
      let thread = Thread { [unowned self] in
        while true { queue.next().runSynchronously(on: self.asUnownedTaskExecutor()) }
      }
      // The size of the main thread's stack, because computations may be recursive.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  func enqueue(_ job: consuming ExecutorJob) { queue.append(UnownedJob(job)) }
}

private final class JobQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private var jobs: Deque<UnownedJob> = []

  func append(_ job: UnownedJob) {
    condition.withLock { jobs.append(job) }
    condition.signal()
  }

  /// Waits for a job.
  func next() -> UnownedJob {
    condition.withLock {
      while true {
        if let job = jobs.popFirst() { return job }
        condition.wait()
      }
    }
  }
}
