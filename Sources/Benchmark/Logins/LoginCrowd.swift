import ChatProtocol
import CommandSupport
import NIOCore
import NIOPosix
import NIOSSL
import Platform

/// Clients that connect, log in and leave, a number of them at once. Isolated to one event loop.
final class LoginCrowd {
  private let eventLoop: any EventLoop
  private let address: SocketAddress
  private let encryption: NIOSSLContext?
  /// The time for the answer to `LOGIN`, and for the end of the connection after `QUIT`.
  private let patience: TimeAmount
  private let result: EventLoopPromise<Void>
  private var started = 0
  private(set) var logins = 0
  private var waits = LoginWaits()
  /// Whether the measurement is over, and the last clients are awaited.
  private var isEnding = false
  private var isOver = false

  private init(
    eventLoop: any EventLoop, address: SocketAddress, encryption: NIOSSLContext?, patience: TimeAmount,
    result: EventLoopPromise<Void>
  ) {
    self.eventLoop = eventLoop
    self.address = address
    self.encryption = encryption
    self.patience = patience
    self.result = result
  }

  /// - Parameter atOnce: the number of clients at a time.
  /// - Throws: `Failure`, on the first login that does not succeed.
  static func measure(
    _ server: MeasuredServer, atOnce: Int, warmUp: TimeAmount, for duration: TimeAmount
  ) throws -> (CrowdReading, CrowdReading) {
    let needed = atOnce + 50
    guard FileDescriptorLimit.raise() >= needed else {
      throw Failure("\(atOnce) clients need \(needed) open files; raise the limit with 'ulimit -n \(needed)'")
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { try? group.syncShutdownGracefully() }
    let loop = group.next()
    guard let address = server.addresses.first else { throw Failure("there is no server") }
    let encryption = try server.encryption
    let result = loop.makePromise(of: Void.self)
    let crowd = try loop.submit {
      let crowd = LoginCrowd(
        eventLoop: loop, address: address, encryption: encryption, patience: server.patience, result: result)
      for _ in 0..<atOnce { crowd.connectNext() }
      crowd.watch()
      return NIOLoopBound(crowd, eventLoop: loop)
    }.wait()
    let first = loop.scheduleTask(in: warmUp) { crowd.value.reading(server.usage) }.futureResult
    let second = first.flatMap { reading in
      crowd.value.lastReading(after: duration, unless: reading.delivered, reading: { server.usage })
    }
    try result.futureResult.wait()
    return (try first.wait(), try second.wait())
  }

  /// - Parameter logins: the number before; there must be one more.
  private func lastReading(
    after delay: TimeAmount, unless logins: Int, reading usage: @escaping () -> ProcessUsage?
  ) -> EventLoopFuture<CrowdReading> {
    eventLoop.takeReading(after: delay) {
      if self.logins == logins, !self.isOver { return nil }
      defer { self.awaitLast() }
      return self.reading(usage())
    }
  }

  private func reading(_ usage: ProcessUsage?) -> CrowdReading {
    CrowdReading(time: .now(), sent: started, delivered: logins, server: usage, crowd: .ofThisProcess)
  }

  // MARK: The end

  /// Fails if a client waits for too long. Called from time to time, so that a login needs no timer of its own.
  private func watch() {
    eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(patience.nanoseconds / 10)) {
      guard !self.isOver else { return }
      let earliest = MonotonicTime.now() + .nanoseconds(-self.patience.nanoseconds)
      if let complaint = self.waits.complaint(since: earliest) { self.fail(complaint) }
      self.watch()
    }
  }

  /// Starts no more clients, and ends when each that has sent `LOGIN` has its answer and has left.
  private func awaitLast() {
    isEnding = true
    endIfAllLeft()
  }

  private func endIfAllLeft() {
    if isEnding, waits.isEmpty { end(.success(())) }
  }

  func fail(_ complaint: String) { fail(Failure(complaint)) }

  func fail(_ failure: Failure) { end(.failure(failure)) }

  private func end(_ result: Result<Void, Failure>) {
    guard !isOver else { return }
    isOver = true
    self.result.completeWith(result.mapError { $0 })
  }

  // MARK: Clients

  private func connectNext() {
    guard !isOver, !isEnding else { return }
    let client = NIOLoopBound(LoginClient(number: started, crowd: self), eventLoop: eventLoop)
    started += 1
    ClientBootstrap.crowd(on: eventLoop, encryption, client)
      .connect(to: address)
      .assumeIsolated()
      .whenFailure { self.fail(Failure(connecting: $0)) }
  }

  /// Called when a client is connected.
  /// - Returns: whether it is to log in, and not to leave.
  func mayLogIn(_ client: Int) -> Bool {
    guard !isOver, !isEnding else { return false }
    waits.sentLogin(client, at: .now())
    return true
  }

  func loggedIn(_ client: Int) {
    logins += 1
    waits.sentQuit(client, at: .now())
  }

  func left(_ client: Int) {
    waits.left(client)
    connectNext()
    endIfAllLeft()
  }
}

@available(*, unavailable)
extension LoginCrowd: Sendable {}
