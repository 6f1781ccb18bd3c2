import Dispatch
import NIOCore
import NIOPosix

/// The threads on which a log is called, each started when it is first needed.
final class LogThreads {
  /// One, so that the messages stay in order.
  private(set) lazy var writing = started(1)
  /// For what a person waits for with every login and every page; searches have threads of their own.
  private(set) lazy var reading = started(Self.readers)
  private(set) lazy var searching = started(Self.searchers)
  private var pools: [NIOThreadPool] = []

  /// Together no more than the log has connections that read.
  static let readers = 2
  static let searchers = min(max(System.coreCount / 2, 1), 2)

  private func started(_ count: Int) -> NIOThreadPool {
    let pool = NIOThreadPool(numberOfThreads: count)
    pool.start()
    pools.append(pool)
    return pool
  }

  /// Ends them when they are done with what they do; one that hangs ends with the process.
  /// - Parameter done: called on any thread when all have ended, and nothing that they did is left.
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
