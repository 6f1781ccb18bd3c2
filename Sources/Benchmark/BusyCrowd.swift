import ChatProtocol
import CommandSupport
import NIOCore
import NIOPosix
import NIOSSL
import Platform

/// The load that the busy clients put on the server.
enum BusyLoad: String, CaseIterable, Sendable {
  /// Each asks for the list of all members, and again when it has it.
  case who
  /// Each asks for the last hundred messages, and again when it has them.
  case history
  /// Sixteen of them write, and all read.
  case messages
  /// All leave at once.
  case leave
}

/// Busy clients, isolated to one event loop, and a `PingClient` on another one.
final class BusyCrowd {
  /// The results of a measurement.
  struct Outcome: Sendable {
    /// From `PING` to `PONG`, in nanoseconds.
    var latencies: [Int64]
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
  private var clients: [BusyClient] = []
  private let ready: EventLoopPromise<Void>
  private var loggedIn = 0
  var served = 0
  private(set) var isOver = false
  private(set) var failure: Failure?

  private init(
    eventLoop: any EventLoop, address: SocketAddress, encryption: NIOSSLContext?, load: BusyLoad, size: Int, tagged: Int
  ) {
    self.eventLoop = eventLoop
    self.address = address
    self.encryption = encryption
    self.load = load
    self.size = size
    self.tagged = tagged
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
    guard let address = try server.addresses.first else { throw Failure("there is no server") }
    let encryption = try server.encryption
    let (loop, pingLoop) = (group.next(), group.next())
    let ready = pingLoop.makePromise(of: Void.self)
    let pinger = try pingLoop.submit {
      NIOLoopBound(PingClient(messages: load == .history ? page : 0, ready: ready), eventLoop: pingLoop)
    }.wait()
    ClientBootstrap.crowd(on: pingLoop, encryption, pinger).connect(to: address).whenFailure {
      ready.fail(Failure(connecting: $0))
    }
    try ready.futureResult.wait()
    let crowd = try loop.submit {
      let crowd = BusyCrowd(
        eventLoop: loop, address: address, encryption: encryption, load: load, size: clients, tagged: tagged)
      for _ in 0..<min(clients, loginsAtOnce) { crowd.connectNext() }
      return NIOLoopBound(crowd, eventLoop: loop)
    }.wait()
    defer { try? loop.submit { crowd.value.end() }.wait() }
    try loop.flatSubmit { crowd.value.ready.futureResult }.wait()
    try pingLoop.submit { pinger.value.begin() }.wait()
    let start = MonotonicTime.now()
    try loop.submit { crowd.value.begin() }.wait()
    let served = try loop.scheduleTask(in: duration) {
      if let failure = crowd.value.failure { throw failure }
      return crowd.value.served
    }.futureResult.wait()
    let seconds = Double((MonotonicTime.now() - start).nanoseconds) / 1e9
    let latencies = try pingLoop.submit { pinger.value.end() }.wait()
    return Outcome(latencies: latencies, served: served, seconds: seconds)
  }

  private func begin() {
    switch load {
    case .who, .history: for client in clients { client.ask() }
    case .messages: for client in clients.prefix(Self.writers) { client.ask() }
    case .leave:
      served = clients.count
      end()
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

  func fail(_ complaint: String) {
    guard failure == nil, !isOver else { return }
    let failure = Failure(complaint)
    self.failure = failure
    ready.fail(failure)
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
      .whenFailure { self.fail(Failure(connecting: $0).description) }
  }
}

@available(*, unavailable)
extension BusyCrowd: Sendable {}
