import NIOCore
import Synchronization

/// Schedules work on an event loop from threads that may outlive it: once closed, it schedules nothing.
final class LoopHandle: Sendable {
  let eventLoop: any EventLoop
  private let isOpen = Mutex(true)

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// From any thread.
  func execute(_ body: @escaping @Sendable () -> Void) {
    isOpen.withLock { isOpen in
      if isOpen { eventLoop.execute(body) }
    }
  }

  /// After this returns, no further work is scheduled; work scheduled earlier still runs.
  func close() { isOpen.withLock { $0 = false } }
}
