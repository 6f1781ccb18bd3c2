import NIOCore

// Shutdown.

extension LogService {
  /// Succeeds when all requests are answered.
  func idle() -> EventLoopFuture<Void> {
    // After `abandon`, nothing is answered any more.
    guard log != nil else { return eventLoop.makeSucceededVoidFuture() }
    let promise = whenIdle ?? eventLoop.makePromise()
    whenIdle = promise
    checkIdle()
    return promise.futureResult
  }

  func checkIdle() {
    guard isIdle else { return }
    whenIdle?.succeed()
    whenIdle = nil
  }

  /// Lets the log finish its required work, and releases it.
  /// - Returns: when the log is closed, which may never happen if the disk hangs.
  func close() -> EventLoopFuture<Void> {
    // After `abandon`, nothing is reported any more.
    guard log != nil else { return eventLoop.makeSucceededVoidFuture() }
    let closed = eventLoop.makePromise(of: Void.self)
    whenFinished = { [weak self] in self?.letGo { closed.succeed() } }
    endIteration()
    marks.settle()
    let marks = marks.take()
    if !marks.isEmpty { writer?.keep(marks) }
    if let writer { writer.finish() } else { whenFinished() }
    return closed.futureResult
  }

  private func letGo(_ done: @escaping @Sendable () -> Void) {
    feed?.end()
    feed = nil
    writer?.abandon()
    writer = nil
    log = nil
    threads.end { [loopHandle] in loopHandle.execute(done) }
  }

  /// Releases the log without waiting for work under way.
  func abandon() {
    letGo {}
    loopHandle.close()
  }
}
