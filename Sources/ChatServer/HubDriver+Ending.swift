import NIOCore

// The end.
extension HubDriver {
  /// Hangs up on somebody for whom there is no room, or who is not wanted. A socket that is closed with something unread,
  /// such as the beginning of a handshake, is reset, and the reason may be lost; where many come, they get no more.
  func turnAway(_ connection: Connection) {
    // So many at a time hold a socket until they have read why.
    guard refusals < FileDescriptorLimit.refusals(within: FileDescriptorLimit.current),
      let channel = connection.context?.channel
    else {
      return connection.finish(lingers: false)
    }
    refusals += 1
    channel.closeFuture.assumeIsolated().whenComplete { _ in self.refusals -= 1 }
    connection.finish()
  }

  /// Reads nothing more, answers what was read, says good-bye to everybody and hangs up.
  /// - Parameter patience: how long the log may take to store what it was given, as long again the clients to read
  ///   their last lines, and as long again the log to close.
  /// - Returns: when every connection is closed, and the log is let go of.
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

  /// Hangs up on whoever is left, without waiting.
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
