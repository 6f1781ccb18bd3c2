import NIOCore
import Platform

// Refusing connections, and shutdown.
extension HubDriver {
  /// Disconnects a refused client. Closing a socket with unread input, such as the start of a handshake, resets it, and
  /// the client may lose the reason; the server lingers for a limited number of such connections.
  func turnAway(_ connection: Connection) {
    // At most this many refused connections keep a socket until the client has read the reason.
    guard refusals < FileDescriptorLimit.refusals(within: FileDescriptorLimit.current),
      let channel = connection.context?.channel
    else {
      return connection.finish(lingers: false)
    }
    refusals += 1
    channel.closeFuture.assumeIsolated().whenComplete { _ in self.refusals -= 1 }
    connection.finish()
  }

  /// Stops reading, answers the requests already read, sends the disconnect reason to all sessions, and closes their
  /// connections.
  /// - Parameter patience: the time for the log to store its messages, then again for the clients to read their last
  ///   lines, and again for the log to close.
  /// - Returns: when every connection is closed, and the log is released.
  func shutDown(patience: TimeAmount) -> EventLoopFuture<Void> {
    for connection in connections.values { connection.pause(.ending) }
    return wait(for: log.idle(), atMost: patience).assumeIsolated()
      .flatMap { self.dismissAll(patience: patience) }
      .flatMap { self.wait(for: self.log.close(), atMost: patience) }
      .always { _ in self.log.abandon() }
      .nonisolated()
  }

  /// - Returns: when every connection is closed.
  private func dismissAll(patience: TimeAmount) -> EventLoopFuture<Void> {
    let promise = whenEmpty ?? eventLoop.makePromise()
    whenEmpty = promise
    apply(.shutdown)
    if connections.isEmpty { promise.succeed() }
    let deadline = eventLoop.assumeIsolated().scheduleTask(in: patience) { self.abortAll() }
    promise.futureResult.whenComplete { _ in deadline.cancel() }
    return promise.futureResult
  }

  /// Closes the remaining connections without waiting.
  private func abortAll() {
    for connection in connections.values { connection.abort() }
  }

  private func wait(for future: EventLoopFuture<Void>, atMost patience: TimeAmount) -> EventLoopFuture<Void> {
    let promise = eventLoop.makePromise(of: Void.self)
    let deadline = eventLoop.scheduleTask(in: patience) { promise.succeed() }
    future.whenComplete { _ in
      deadline.cancel()
      promise.succeed()
    }
    return promise.futureResult
  }
}
