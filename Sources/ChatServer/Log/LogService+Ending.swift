import NIOCore

// The end.
extension LogService {
  /// Succeeds when all is answered.
  func idle() -> EventLoopFuture<Void> {
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

  /// Lets the log do all that must be done, and lets go of it.
  /// - Returns: when it is closed, which a disk that hangs may never let happen.
  func close() -> EventLoopFuture<Void> {
    let closed = eventLoop.makePromise(of: Void.self)
    whenFinished = { [weak self] in self?.letGo { closed.succeed() } }
    endTurn()
    marks.settle()
    writer?.keep(marks.take())
    if let writer { writer.finish() } else { whenFinished() }
    return closed.futureResult
  }

  private func letGo(_ done: @escaping @Sendable () -> Void) {
    writer = nil
    log = nil
    threads.end { [loopHandle] in loopHandle.execute(done) }
  }

  /// Lets go of the log, whatever it is about.
  func abandon() {
    letGo {}
    loopHandle.close()
  }
}
