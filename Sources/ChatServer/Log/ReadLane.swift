import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import NIOPosix
import Synchronization

/// Runs reads of one kind with limited concurrency, on threads of their own. Waiting reads are served round-robin by
/// asker. Lives on the event loop.
final class ReadLane {
  private let threads: NIOThreadPool
  private let width: Int
  private let run: (PendingRead, NIOThreadPool) -> Void
  private var waiting = FairQueue<MemberID?, PendingRead>()
  private var running: [ReadID: PendingRead] = [:]

  /// - Parameters:
  ///   - width: the number of threads.
  ///   - run: starts a read on the threads; `finish` must be called with its answer.
  init(_ threads: NIOThreadPool, width: Int, run: @escaping (PendingRead, NIOThreadPool) -> Void) {
    self.threads = threads
    self.width = width
    self.run = run
  }

  func add(_ read: PendingRead) {
    waiting.append(read, of: read.asker)
    startNext()
  }

  func finish(_ id: ReadID) {
    running[id] = nil
    startNext()
  }

  /// Cancels a read whose answer is no longer needed.
  /// - Returns: whether the read had not started, and never will.
  func cancel(_ id: ReadID, of asker: MemberID?) -> Bool {
    if let read = running[id] {
      read.stop.cancel()
      return false
    }
    return waiting.remove(of: asker) { $0.id == id } != nil
  }

  private func startNext() {
    while running.count < width, let read = waiting.popFirst() {
      running[read.id] = read
      run(read, threads)
    }
  }
}

@available(*, unavailable)
extension ReadLane: Sendable {}

/// A read that waits or runs.
struct PendingRead: Sendable {
  let id: ReadID
  let request: ReadRequest
  /// The member who asks; nil for a request without a member.
  let asker: MemberID?
  let stop = ReadStop()
}

/// Tells a read when to stop: after its time budget, or when it is cancelled. May be used from any thread.
final class ReadStop: Sendable {
  private let isCancelled = Atomic(false)
  private let deadline = Atomic(Int64.max)

  func begin(for budget: Duration) {
    deadline.store((MonotonicTime.now() + budget).nanoseconds, ordering: .relaxed)
  }

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  var isDue: Bool {
    isCancelled.load(ordering: .relaxed)
      || MonotonicTime.now().nanoseconds >= deadline.load(ordering: .relaxed)
  }
}
