import ChatHub
import ChatLog
import ChatProtocol
import NIOPosix
import Synchronization

/// Reads of one kind, so many at a time on threads of their own. Those that wait are served in turns, one of each
/// asker's. Lives on the event loop.
final class ReadLane {
  private let threads: NIOThreadPool
  private let width: Int
  private let run: (PendingRead, NIOThreadPool) -> Void
  private var waiting = FairQueue<MemberID?, PendingRead>()
  private var running: [ReadID: PendingRead] = [:]

  /// - Parameters:
  ///   - width: how many threads there are.
  ///   - run: starts a read on the threads; `finish` is due when it is answered.
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

  /// Nobody waits for the answer any more.
  /// - Returns: whether the read was not begun, and never will be.
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

/// A read that somebody waits for.
struct PendingRead: Sendable {
  let id: ReadID
  let request: ReadRequest
  /// Nil for nobody in the chat.
  let asker: MemberID?
  let stop = ReadStop()
}

/// When a read must stop: after so much time, or as soon as nobody waits for it. May be used from any thread.
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
