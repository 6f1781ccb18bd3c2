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
  private let result: EventLoopPromise<Void>
  private var started = 0
  private(set) var logins = 0
  private var isOver = false

  /// The time for one login.
  private static let patience = TimeAmount.seconds(60)

  private init(
    eventLoop: any EventLoop, address: SocketAddress, encryption: NIOSSLContext?, result: EventLoopPromise<Void>
  ) {
    self.eventLoop = eventLoop
    self.address = address
    self.encryption = encryption
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
    guard let address = try server.addresses.first else { throw Failure("there is no server") }
    let encryption = try server.encryption
    let result = loop.makePromise(of: Void.self)
    let crowd = try loop.submit {
      let crowd = LoginCrowd(eventLoop: loop, address: address, encryption: encryption, result: result)
      for _ in 0..<atOnce { crowd.connectNext() }
      return NIOLoopBound(crowd, eventLoop: loop)
    }.wait()
    let first = loop.scheduleTask(in: warmUp) { crowd.value.reading(server.usage) }.futureResult
    let second = first.flatMap { reading in
      crowd.value.lastReading(
        after: duration, unless: reading.delivered, until: .now() + duration + patience, reading: { server.usage })
    }
    try result.futureResult.wait()
    return (try first.wait(), try second.wait())
  }

  /// - Parameter logins: the number before; there must be one more, if that happens before the deadline.
  private func lastReading(
    after delay: TimeAmount, unless logins: Int, until deadline: NIODeadline,
    reading usage: @escaping () -> ProcessUsage?
  ) -> EventLoopFuture<CrowdReading> {
    eventLoop.takeReading(after: delay) {
      if self.logins == logins, !self.isOver, NIODeadline.now() < deadline { return nil }
      defer { self.end(.success(())) }
      return self.reading(usage())
    }
  }

  private func reading(_ usage: ProcessUsage?) -> CrowdReading {
    CrowdReading(time: .now(), sent: started, delivered: logins, server: usage, crowd: .ofThisProcess)
  }

  func loggedIn() { logins += 1 }

  func connectNext() {
    guard !isOver else { return }
    let name = "b\(started)"
    started += 1
    let client = NIOLoopBound(LoginClient(name: name, crowd: self), eventLoop: eventLoop)
    ClientBootstrap.crowd(on: eventLoop, encryption, client)
      .connect(to: address)
      .assumeIsolated()
      .whenFailure { self.end(.failure(Failure(connecting: $0))) }
  }

  func end(_ result: Result<Void, Failure>) {
    guard !isOver else { return }
    isOver = true
    self.result.completeWith(result.mapError { $0 })
  }
}

@available(*, unavailable)
extension LoginCrowd: Sendable {}

/// Logs in, leaves, and makes room for the next client.
private final class LoginClient: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let name: String
  private let crowd: LoginCrowd
  private var isIn = false
  private var answer = ByteBuffer()

  init(name: String, crowd: LoginCrowd) {
    self.name = name
    self.crowd = crowd
  }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "LOGIN \(name)\n")), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Notices about others follow the answer.
    guard !isIn else { return }
    var arrived = unwrapInboundIn(data)
    answer.writeBuffer(&arrived)
    guard answer.readableBytesView.contains(UInt8(ascii: "\n")) else { return }
    guard answer.readableBytesView.starts(with: "OK\n".utf8) else {
      let line = String(buffer: answer).prefix { $0 != "\n" }
      return crowd.end(.failure(Failure("\(name) cannot log in: '\(DisplayText.sanitize(String(line)))'")))
    }
    isIn = true
    crowd.loggedIn()
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "QUIT\n")), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    isIn
      ? crowd.connectNext() : crowd.end(.failure(Failure("the server hung up on \(name) before the answer to LOGIN")))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !isIn { crowd.end(.failure(Failure("\(name) lost its connection: \(error)"))) }
    context.close(promise: nil)
  }
}

@available(*, unavailable)
extension LoginClient: Sendable {}
