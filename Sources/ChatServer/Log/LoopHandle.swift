import NIOCore
import Synchronization

/// The way back to an event loop from threads that may outlive it: through a closed one nothing is scheduled any more.
final class LoopHandle: Sendable {
  private let eventLoop: any EventLoop
  private let isOpen = Mutex(true)

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// From any thread.
  func execute(_ body: @escaping @Sendable () -> Void) {
    isOpen.withLock { isOpen in
      if isOpen { eventLoop.execute(body) }
    }
  }

  /// When it returns, nothing more comes through; what did, is done.
  func close() { isOpen.withLock { $0 = false } }
}
