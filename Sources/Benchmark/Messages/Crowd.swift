import ChatProtocol
import CommandSupport
import NIOCore
import NIOPosix
import NIOSSL

/// Many clients of one server; those with the lowest indices send messages. Isolated to one event loop. Runs one phase
/// at a time: a phase ends with the future that its method returned, which fails on any error.
final class Crowd {
  let message: BenchMessage
  let eventLoop: any EventLoop
  let size: Int
  let senders: Int
  /// How long to wait for the end of a phase.
  let patience: TimeAmount
  private(set) var members: [CrowdMember] = []
  var isTalking = false
  var isLeaving = false
  /// Whether latencies are recorded.
  var isMeasuring = false
  /// From sending to the delivery to the sender or its partner.
  private(set) var latencies = Histogram()

  /// Clients are spread over them.
  private let addresses: [SocketAddress]
  /// Nil for plaintext connections.
  private let encryption: NIOSSLContext?
  private let window: Int
  private let tagged: Int
  private var phase: Phase?
  private var failure: Failure?

  private struct Phase {
    let promise: EventLoopPromise<Void>
    let deadline: Scheduled<Void>
    /// The condition for the end of the phase.
    var awaited: Awaited
  }

  enum Awaited {
    /// A number of answers from the server.
    case answers(Int)
    /// A timer; no event ends the phase.
    case time
    /// Every sender has received all of its own messages.
    case drained
  }

  /// - Parameters:
  ///   - addresses: at least one.
  ///   - encryption: nil for plaintext connections.
  ///   - size: number of clients.
  ///   - senders: number of clients that send messages.
  ///   - window: maximum number of messages of a sender in flight.
  ///   - tagged: number of clients that use the dialect with tags.
  ///   - patience: how long to wait for the end of a phase.
  init(
    eventLoop: any EventLoop, addresses: [SocketAddress], encryption: NIOSSLContext?, size: Int, senders: Int,
    window: Int, tagged: Int, message: BenchMessage, patience: TimeAmount
  ) {
    self.encryption = encryption
    self.eventLoop = eventLoop
    self.addresses = addresses
    self.size = size
    self.senders = senders
    self.window = window
    self.tagged = tagged
    self.message = message
    self.patience = patience
  }

  // MARK: Members

  func connectNext() {
    guard members.count < size else { return }
    let index = members.count
    let member = CrowdMember(
      index: index, crowd: self, source: index < senders ? MessageSource(by: index, of: message, window: window) : nil,
      checker: checker(for: index),
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

  /// In pairs, everybody checks the messages of the partner, which nobody else reads. In a room, the last client checks
  /// all messages, because it sends none if possible, and the others compare digests with it.
  private func checker(for index: Int) -> DeliveryChecker? {
    switch message.recipient {
    case .partner:
      let partner = BenchMessage.partner(of: index)
      return DeliveryChecker(of: message, senders: partner..<(partner + 1))
    case .room: return index == size - 1 ? DeliveryChecker(of: message, senders: 0..<senders) : nil
    }
  }

  func member(at index: Int) -> CrowdMember? { members.indices.contains(index) ? members[index] : nil }

  /// Total number of messages sent.
  var sentCount: Int { members.compactMap(\.source?.sentCount).reduce(0, +) }

  // MARK: Phases

  var isInPhase: Bool { phase != nil }

  func begin(
    _ awaited: Awaited, within patience: TimeAmount, otherwise complaint: String
  ) -> EventLoopFuture<Void> {
    let promise = eventLoop.makePromise(of: Void.self)
    let deadline = eventLoop.assumeIsolated().scheduleTask(in: patience) { self.fail(complaint) }
    phase = Phase(promise: promise, deadline: deadline, awaited: awaited)
    if let failure { end(.failure(failure)) }
    return promise.futureResult
  }

  func end(_ result: Result<Void, Failure>) {
    guard let phase else { return }
    self.phase = nil
    phase.deadline.cancel()
    switch result {
    case .success: phase.promise.succeed()
    case .failure(let failure): phase.promise.fail(failure)
    }
  }

  func fail(_ complaint: String) { fail(Failure(complaint)) }

  func fail(_ failure: Failure) {
    guard self.failure == nil else { return }
    self.failure = failure
    isTalking = false
    end(.failure(failure))
  }

  // MARK: Reports of members

  /// An answer to `PING` proves that earlier messages have arrived, but only those sent through the same server.
  private var hasSeveralServers: Bool { addresses.count > 1 }

  /// Whether a phase ends with the last delivery, so that each one must be reported.
  var awaitsDeliveries: Bool { hasSeveralServers && !isTalking }

  /// - Parameter latency: in nanoseconds.
  func heardMessage(after latency: Int64) {
    if isMeasuring { latencies.add(latency) }
  }

  /// - Returns: whether an answer was expected.
  func heardAnswer() -> Bool {
    guard case .answers(let missing) = phase?.awaited else { return false }
    connectNext()
    phase?.awaited = .answers(missing - 1)
    if missing == 1 { end(.success(())) }
    return true
  }

  func checkDrained() {
    guard case .drained = phase?.awaited else { return }
    guard members.prefix(senders).allSatisfy({ $0.source?.underWay == 0 }) else { return }
    if hasSeveralServers {
      let sentCount = sentCount
      guard members.allSatisfy({ $0.received >= sentCount }) else { return }
    }
    end(.success(()))
  }
}

@available(*, unavailable)
extension Crowd: Sendable {}
