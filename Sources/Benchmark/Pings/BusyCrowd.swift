import ChatProtocol
import CommandSupport
import NIOCore
import NIOPosix
import NIOSSL
import Platform

/// Busy clients, isolated to one event loop, and a `PingClient` on another one.
final class BusyCrowd {
  /// The results of a measurement.
  struct Outcome: Sendable {
    var pings: PingClient.Answers
    /// Answered requests of the busy clients: lists, pages, or groups of messages; or clients that have left.
    var served: Int
    var seconds: Double
  }

  /// The number of messages that `history` asks for.
  static let page = 100
  private static let writers = 16
  private static let loginsAtOnce = 64

  private let eventLoop: any EventLoop
  private let address: SocketAddress
  private let encryption: NIOSSLContext?
  let load: BusyLoad
  let size: Int
  private let tagged: Int
  /// A third of the patience, usually 20 s: servers disconnect clients that are silent for a minute.
  private let pingInterval: TimeAmount
  private var clients: [BusyClient] = []
  private let ready: EventLoopPromise<Void>
  /// Succeeds with the number of answered requests, at the end of the measurement.
  private let result: EventLoopPromise<Int>
  private var loggedIn = 0
  var served = 0
  private(set) var isOver = false
  private var failure: Failure?

  private init(
    eventLoop: any EventLoop, address: SocketAddress, encryption: NIOSSLContext?, load: BusyLoad, size: Int,
    tagged: Int, patience: TimeAmount, result: EventLoopPromise<Int>
  ) {
    self.eventLoop = eventLoop
    self.address = address
    self.encryption = encryption
    self.load = load
    self.size = size
    self.tagged = tagged
    pingInterval = .nanoseconds(patience.nanoseconds / 3)
    self.result = result
    ready = eventLoop.makePromise()
  }

  /// - Throws: `Failure`, also if a list is incomplete.
  static func measure(
    _ server: MeasuredServer, _ load: BusyLoad, clients: Int, tagged: Int, for duration: TimeAmount
  ) throws -> Outcome {
    let needed = clients + 50
    guard FileDescriptorLimit.raise() >= needed else {
      throw Failure("\(clients) clients need \(needed) open files; raise the limit with 'ulimit -n \(needed)'")
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    defer { try? group.syncShutdownGracefully() }
    guard let address = server.addresses.first else { throw Failure("there is no server") }
    let (encryption, patience) = (try server.encryption, server.patience)
    let (loop, pingLoop) = (group.next(), group.next())
    let result = loop.makePromise(of: Int.self)
    // A promise must be completed, also if nobody waits for it any more.
    defer { result.fail(Failure("the measurement did not end")) }
    let ready = pingLoop.makePromise(of: Void.self)
    ready.fail(after: patience, "the server did not answer \(PingClient.name)")
    let pinger = try pingLoop.submit {
      let client = PingClient(messages: load == .history ? page : 0, ready: ready) { result.fail($0) }
      return NIOLoopBound(client, eventLoop: pingLoop)
    }.wait()
    defer { try? pingLoop.submit { pinger.value.stop() }.wait() }
    ClientBootstrap.crowd(on: pingLoop, encryption, pinger).connect(to: address).whenFailure {
      ready.fail(Failure(connecting: $0))
    }
    try ready.futureResult.wait()
    let crowd = try loop.submit {
      let crowd = BusyCrowd(
        eventLoop: loop, address: address, encryption: encryption, load: load, size: clients, tagged: tagged,
        patience: patience, result: result)
      crowd.ready.fail(after: patience, "not all clients could log in")
      for _ in 0..<min(clients, loginsAtOnce) { crowd.connectNext() }
      return NIOLoopBound(crowd, eventLoop: loop)
    }.wait()
    defer { try? loop.submit { crowd.value.end() }.wait() }
    try loop.flatSubmit { crowd.value.ready.futureResult }.wait()
    try pingLoop.submit { pinger.value.begin() }.wait()
    let start = MonotonicTime.now()
    let deadline = NIODeadline.now() + duration + patience
    try loop.submit { crowd.value.begin(for: duration, by: deadline) }.wait()
    let served = try result.futureResult.wait()
    let seconds = Double((MonotonicTime.now() - start).nanoseconds) / 1e9
    let pings = try pingLoop.flatSubmit { pinger.value.end(by: deadline) }.wait()
    return Outcome(pings: pings, served: served, seconds: seconds)
  }

  /// Puts the load on the server for the duration, or until somebody is served if that is later.
  /// - Parameter deadline: when to give up waiting for that.
  private func begin(for duration: TimeAmount, by deadline: NIODeadline) {
    let served: EventLoopFuture<Int> = eventLoop.takeReading(after: duration) {
      self.served == 0 && NIODeadline.now() < deadline ? nil : self.served
    }
    served.cascade(to: result)
    begin()
  }

  private func begin() {
    switch load {
    case .who, .history: for client in clients { client.ask() }
    case .messages:
      for client in clients.prefix(Self.writers) { client.ask() }
      keepConnected()
    case .leave:
      served = clients.count
      end()
    }
  }

  /// Lets the clients that write nothing send `PING` from time to time, until the end.
  private func keepConnected() {
    eventLoop.assumeIsolated().scheduleTask(in: pingInterval) {
      guard !self.isOver else { return }
      for client in self.clients.dropFirst(Self.writers) { client.ping() }
      self.keepConnected()
    }
  }

  private func end() {
    isOver = true
    for client in clients { client.close() }
  }

  func noteLogin() {
    loggedIn += 1
    connectNext()
    if loggedIn == size { ready.succeed() }
  }

  func fail(_ failure: Failure) {
    guard self.failure == nil, !isOver else { return }
    self.failure = failure
    ready.fail(failure)
    result.fail(failure)
  }

  private func connectNext() {
    let index = clients.count
    guard index < size else { return }
    let client = BusyClient(
      index: index, crowd: self, isTagged: (index + 1) * tagged / size > index * tagged / size)
    clients.append(client)
    ClientBootstrap.crowd(on: eventLoop, encryption, NIOLoopBound(client, eventLoop: eventLoop))
      .channelOption(ChannelOptions.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 256 * 1024))
      .connect(to: address)
      .assumeIsolated()
      .whenFailure { self.fail(Failure(connecting: $0)) }
  }
}

@available(*, unavailable)
extension BusyCrowd: Sendable {}
