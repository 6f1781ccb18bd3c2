import ChatHub
import NIOCore
import Platform

// The ends of connections, refused ones, and shutdown.

extension HubDriver {
  /// Lets the end of a connection wait until the sockets have been polled again, or longer if many end at once.
  func ended(_ connection: Connection, _ kind: ConnectionEnds.Kind) {
    if case .closed(let reason) = kind, connection.state == .finishing { return forget(connection, reason) }
    ends.append(connection, kind)
    scheduleNextTurnSoon()
  }

  /// Handles ends that were reported before the request, which may depend on them, as far as the iteration allows. A
  /// login waits for the rest: it may ask for a name that becomes free.
  func handleEnds(before request: Request) {
    guard !ends.isEmpty, request.verb != .ping else { return }
    handleDueEnds()
  }

  /// Handles the ends that are due in this iteration, or waits for more.
  func handleEnds() {
    guard ends.areDue else { return }
    let late = ends.collect(among: connections.count, at: .now())
    // No lines are written to sockets that are probably closed. A client with unanswered requests gets them all.
    for connection in late where !hub.isBusy(connection.id) { fanout.suspend(connection) }
    guard ends.isCollecting else { return handleDueEnds() }
    eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(ConnectionEnds.period)) {
      self.ends.endPeriod()
      self.handleEnds()
      self.scheduleNextTurnSoon()
    }
  }

  private func handleDueEnds() {
    while !iteration.areEndsOver, let end = ends.popFirst() {
      iteration.addEnd()
      switch end.kind {
      case .inputClosed: if end.connection.hasNoMoreRequests { apply(.finished(end.connection.id)) }
      case .closed(let reason): forget(end.connection, reason)
      }
    }
  }

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
