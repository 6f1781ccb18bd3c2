import ChatProtocol
import CommandSupport
import NIOCore
import NIOPosix
import NIOSSL

/// Many clients of one server; those with the lowest indices send messages. Isolated to one event loop. Runs one phase
/// at a time: a phase ends with the future that its method returned, which fails on any error.
final class Crowd {
  let message: BenchMessage
  private(set) var isTalking = false

  let eventLoop: any EventLoop
  /// Clients are spread over them.
  private let addresses: [SocketAddress]
  /// Nil for plaintext connections.
  private let encryption: NIOSSLContext?
  private let size: Int
  private let senders: Int
  private let window: Int
  private let tagged: Int
  private var members: [CrowdMember] = []

  private var phase: Phase?
  private var failure: Failure?

  private struct Phase {
    let promise: EventLoopPromise<Void>
    let deadline: Scheduled<Void>
    /// The condition for the end of the phase.
    var awaited: Awaited
  }

  private enum Awaited {
    /// A number of answers from the server.
    case answers(Int)
    /// A timer; no event ends the phase.
    case time
    /// Every sender has received all of its own messages.
    case silence
  }

  /// Number of concurrent logins: the queue of connections is not to be measured.
  private static let loginsAtOnce = 64

  /// - Parameters:
  ///   - addresses: at least one.
  ///   - encryption: nil for plaintext connections.
  ///   - size: number of clients.
  ///   - senders: number of clients that send messages.
  ///   - window: maximum number of messages of a sender in flight.
  ///   - tagged: number of clients that use the dialect with tags.
  init(
    eventLoop: any EventLoop, addresses: [SocketAddress], encryption: NIOSSLContext?, size: Int, senders: Int,
    window: Int, tagged: Int, message: BenchMessage
  ) {
    self.encryption = encryption
    self.eventLoop = eventLoop
    self.addresses = addresses
    self.size = size
    self.senders = senders
    self.window = window
    self.tagged = tagged
    self.message = message
  }

  // MARK: Phases

  func logIn() -> EventLoopFuture<Void> {
    let future = begin(.answers(size), within: .seconds(60), otherwise: "not all clients could log in")
    for _ in 0..<min(size, Self.loginsAtOnce) { connectNext() }
    return future
  }

  /// Sends messages, and takes a reading after the warm-up and another one at the end.
  func talk(
    warmUp: TimeAmount, for duration: TimeAmount, reading usage: @escaping () -> ProcessUsage?
  ) -> EventLoopFuture<(CrowdReading, CrowdReading)> {
    let future = begin(.time, within: warmUp + duration + .seconds(60), otherwise: "the measurement did not end")
    isTalking = true
    for member in members.prefix(senders) { member.talk() }
    let loop = eventLoop.assumeIsolated()
    let first = loop.scheduleTask(in: warmUp) {
      for member in self.members { member.measure(true) }
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
      let isMeasured = reading.delivered > delivered && self.members.contains { $0.speech?.latencies.isEmpty == false }
      if self.senders > 0, !isMeasured, self.phase != nil { return nil }
      for member in self.members { member.measure(false) }
      self.isTalking = false
      self.end(.success(()))
      return reading
    }
  }

  /// Waits until every sender has received all of its own messages, and with several servers everybody all messages.
  func fallSilent() -> EventLoopFuture<Void> {
    let future = begin(
      .silence, within: .seconds(30), otherwise: "messages that were sent never arrived")
    fellSilent()
    return future
  }

  /// Sends `PING` on every connection: when the answer arrives, everything sent before has arrived.
  func ping() -> EventLoopFuture<Void> {
    let future = begin(.answers(size), within: .seconds(30), otherwise: "not all clients got an answer to PING")
    for member in members { member.ping() }
    return future
  }

  /// Closes all connections.
  /// - Parameter quits: whether to send `QUIT` first and to wait, for a limited time, until the server has closed every
  ///   connection.
  func leave(quits: Bool) -> EventLoopFuture<Void> {
    guard quits else {
      for member in members { member.close() }
      return eventLoop.makeSucceededVoidFuture()
    }
    let deadline = eventLoop.assumeIsolated().scheduleTask(in: .seconds(10)) {
      for member in self.members { member.close() }
    }
    let left = EventLoopFuture.andAllComplete(members.map { $0.quit() }, on: eventLoop)
    left.assumeIsolated().whenComplete { _ in deadline.cancel() }
    return left
  }

  /// - Returns: the first error in the received messages; nil if there is none.
  var complaint: String? {
    let (spoken, digest) = (spoken, members.first?.digest)
    for member in members {
      let name = BenchMessage.name(of: member.index)
      if message.recipient == .partner {
        let sent = self.member(at: BenchMessage.partner(of: member.index))?.speech?.spoken ?? 0
        if member.received != sent { return "client \(name) read \(member.received) messages of \(sent)" }
        continue
      }
      if member.received != spoken { return "client \(name) read \(member.received) messages of \(spoken)" }
      if member.digest != digest { return "client \(name) read the messages in another order" }
    }
    return nil
  }

  /// Total number of messages sent.
  var spoken: Int { members.compactMap(\.speech?.spoken).reduce(0, +) }

  /// An answer to `PING` proves that earlier messages have arrived, but only those sent through the same server.
  private var hasSeveralServers: Bool { addresses.count > 1 }

  /// Whether a phase ends with the last delivery, so that each one must be reported.
  var awaitsDeliveries: Bool { hasSeveralServers && !isTalking }

  func member(at index: Int) -> CrowdMember? { members.indices.contains(index) ? members[index] : nil }

  /// Latencies from sending to the delivery to the sender or its partner, in nanoseconds.
  var latencies: [Int64] { members.flatMap { $0.speech?.latencies ?? [] } }

  // MARK: Reports of members

  /// - Returns: whether an answer was expected.
  func heardAnswer() -> Bool {
    guard case .answers(let missing) = phase?.awaited else { return false }
    connectNext()
    phase?.awaited = .answers(missing - 1)
    if missing == 1 { end(.success(())) }
    return true
  }

  func fellSilent() {
    guard case .silence = phase?.awaited else { return }
    guard members.prefix(senders).allSatisfy({ $0.speech?.underWay == 0 }) else { return }
    if hasSeveralServers {
      let spoken = spoken
      guard members.allSatisfy({ $0.received >= spoken }) else { return }
    }
    end(.success(()))
  }

  func fail(_ complaint: String) { fail(Failure(complaint)) }

  private func fail(_ failure: Failure) {
    guard self.failure == nil else { return }
    self.failure = failure
    isTalking = false
    end(.failure(failure))
  }

  private func begin(
    _ awaited: Awaited, within patience: TimeAmount, otherwise complaint: String
  ) -> EventLoopFuture<Void> {
    let promise = eventLoop.makePromise(of: Void.self)
    let deadline = eventLoop.assumeIsolated().scheduleTask(in: patience) { self.fail(complaint) }
    phase = Phase(promise: promise, deadline: deadline, awaited: awaited)
    if let failure { end(.failure(failure)) }
    return promise.futureResult
  }

  private func end(_ result: Result<Void, Failure>) {
    guard let phase else { return }
    self.phase = nil
    phase.deadline.cancel()
    switch result {
    case .success: phase.promise.succeed()
    case .failure(let failure): phase.promise.fail(failure)
    }
  }

  private func connectNext() {
    guard members.count < size else { return }
    let index = members.count
    let member = CrowdMember(
      index: index, crowd: self, speech: index < senders ? MessageSource(by: index, of: message, window: window) : nil,
      // The client that checks all messages sends none, if possible.
      checker: index == size - 1 ? DeliveryChecker(of: message, senders: senders) : nil,
      // Spread over all clients.
      isTagged: (index + 1) * tagged / size > index * tagged / size)
    members.append(member)
    let bound = NIOLoopBound(member, eventLoop: eventLoop)
    ClientBootstrap.crowd(on: eventLoop, encryption, bound)
      // Many lines per system call, and one buffer for all.
      .channelOption(ChannelOptions.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 256 * 1024))
      .connect(to: addresses[index % addresses.count])
      .assumeIsolated()
      .whenFailure { self.fail(Failure(connecting: $0)) }
  }
}

@available(*, unavailable)
extension Crowd: Sendable {}
