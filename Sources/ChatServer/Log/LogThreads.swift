import Dispatch
import NIOCore
import NIOPosix

/// The threads on which a log is called, each started when first needed.
final class LogThreads {
  /// One thread, so that messages stay in order.
  private(set) lazy var writing = started(1)
  /// For the reads of every login and every page; searches have threads of their own.
  private(set) lazy var reading = started(Self.readers)
  private(set) lazy var searching = started(Self.searchers)
  /// For the feed of a shared log, and for its lease.
  private(set) lazy var following = started(1)
  private(set) lazy var leasing = started(1)
  private var pools: [NIOThreadPool] = []

  /// Together less than the log's number of reading connections: the writing thread reads, too.
  static let readers = 2
  static let searchers = min(max(System.coreCount / 2, 1), 2)

  private func started(_ count: Int) -> NIOThreadPool {
    let pool = NIOThreadPool(numberOfThreads: count)
    pool.start()
    pools.append(pool)
    return pool
  }

  /// Ends the threads when their present work is complete; a thread that hangs ends with the process.
  /// - Parameter done: called on any thread when all threads have ended.
  func end(_ done: @escaping @Sendable () -> Void) {
    let group = DispatchGroup()
    for pool in pools {
      group.enter()
      pool.shutdownGracefully { _ in group.leave() }
    }
    pools = []
    group.notify(queue: .global()) { done() }
  }
}

@available(*, unavailable)
extension LogThreads: Sendable {}
