import NIOCore

extension Crowd {
  /// Number of concurrent logins: the queue of connections is not to be measured.
  private static let loginsAtOnce = 64
  /// A third of the patience, usually 20 s: servers disconnect clients that are silent for a minute.
  private var pingInterval: TimeAmount { .nanoseconds(patience.nanoseconds / 3) }

  func logIn() -> EventLoopFuture<Void> {
    let future = begin(.answers(size), within: patience, otherwise: "not all clients could log in")
    for _ in 0..<min(size, Self.loginsAtOnce) { connectNext() }
    return future
  }

  /// Sends messages, and takes a reading after the warm-up and another one at the end.
  func talk(
    warmUp: TimeAmount, for duration: TimeAmount, reading usage: @escaping () -> ProcessUsage?
  ) -> EventLoopFuture<(CrowdReading, CrowdReading)> {
    let future = begin(.time, within: warmUp + duration + patience, otherwise: "the measurement did not end")
    isTalking = true
    for member in members.prefix(senders) { member.talk() }
    // Without any messages, silent connections are what is measured.
    if senders > 0 { keepConnected() }
    let loop = eventLoop.assumeIsolated()
    let first = loop.scheduleTask(in: warmUp) {
      self.isMeasuring = true
      return CrowdReading(members: self.members, usage: usage())
    }
    let second = first.futureResult.assumeIsolated().flatMap { reading in
      self.lastReading(after: duration, unless: reading.delivered, reading: usage)
    }.nonisolated()
    return future.flatMap { first.futureResult.and(second) }
  }

  /// - Parameter delivered: the number before; there must be more deliveries, and one of a message that was sent
  ///   meanwhile.
  private func lastReading(
    after delay: TimeAmount, unless delivered: Int, reading usage: @escaping () -> ProcessUsage?
  ) -> EventLoopFuture<CrowdReading> {
    eventLoop.takeReading(after: delay) {
      let reading = CrowdReading(members: self.members, usage: usage())
      let isMeasured = reading.delivered > delivered && self.latencies.samples > 0
      if self.senders > 0, !isMeasured, self.isInPhase { return nil }
      self.isMeasuring = false
      self.isTalking = false
      self.end(.success(()))
      return reading
    }
  }

  /// Lets the members that send no messages send `PING` from time to time, until the crowd leaves.
  private func keepConnected() {
    eventLoop.assumeIsolated().scheduleTask(in: pingInterval) {
      guard !self.isLeaving else { return }
      for member in self.members where member.source == nil { member.keepConnected() }
      self.keepConnected()
    }
  }

  /// Waits until every sender has received all of its own messages, and with several servers everybody all messages.
  func drain() -> EventLoopFuture<Void> {
    let future = begin(.drained, within: patience, otherwise: "messages that were sent never arrived")
    checkDrained()
    return future
  }

  /// Sends `PING` on every connection: when the answer arrives, everything sent before has arrived.
  func ping() -> EventLoopFuture<Void> {
    let future = begin(.answers(size), within: patience, otherwise: "not all clients got an answer to PING")
    for member in members { member.ping() }
    return future
  }

  /// Closes all connections.
  /// - Parameter quits: whether to send `QUIT` first and to wait, for a limited time, until the server has closed every
  ///   connection.
  func leave(quits: Bool) -> EventLoopFuture<Void> {
    isLeaving = true
    guard quits else {
      for member in members { member.close() }
      return eventLoop.makeSucceededVoidFuture()
    }
    let deadline = eventLoop.assumeIsolated().scheduleTask(in: min(patience, .seconds(10))) {
      for member in self.members { member.close() }
    }
    let left = EventLoopFuture.andAllComplete(members.map { $0.quit() }, on: eventLoop)
    left.assumeIsolated().whenComplete { _ in deadline.cancel() }
    return left
  }

  /// - Returns: the first error in the received messages; nil if there is none.
  var complaint: String? {
    let (sentCount, digest) = (sentCount, members.first?.digest)
    for member in members {
      let name = BenchMessage.name(of: member.index)
      if message.recipient == .partner {
        let sent = self.member(at: BenchMessage.partner(of: member.index))?.source?.sentCount ?? 0
        if member.received != sent { return "client \(name) read \(member.received) messages of \(sent)" }
        continue
      }
      if member.received != sentCount { return "client \(name) read \(member.received) messages of \(sentCount)" }
      if member.digest != digest { return "client \(name) read the messages in another order" }
    }
    return nil
  }
}
