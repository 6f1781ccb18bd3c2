import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The event loops of clients and servers in these tests. There are more than processors, so that a test with much work
/// on its loop holds up few others.
enum EventLoops {
  static let shared = MultiThreadedEventLoopGroup(numberOfThreads: 16)
}

/// A server of a few lines on a port of its own: what it says to each line, and what it heard in each packet.
final class LineServer: Sendable {
  /// What becomes of a line.
  enum Reply: Sendable {
    case say(String)
    case hangUp
  }

  /// What a server that knows no TLS does about a client that begins with it.
  enum Surprise: Sendable {
    case hangUp
    case silence
    case say(ByteBuffer)
  }

  let port: Int
  private let channel: any Channel
  /// Nil without TLS.
  private let context: Context

  private final class Context: Sendable {
    private let value: Mutex<NIOSSLContext?>
    init(_ context: NIOSSLContext?) { value = Mutex(context) }
    func withLock<Result: Sendable>(_ body: (inout NIOSSLContext?) -> Result) -> Result { value.withLock { body(&$0) } }
  }

  private init(channel: any Channel, port: Int, context: Context) {
    self.channel = channel
    self.port = port
    self.context = context
  }

  /// - Parameters:
  ///   - certificate: it speaks TLS alone, with this one.
  ///   - greeting: what it says to everybody who comes, before anything else, and in plain text.
  ///   - surprise: where it has no certificate.
  ///   - hangsUpFirst: on the first who comes, and says nothing.
  ///   - answer: called for each line, on an event loop.
  static func start(
    port: Int = 0, certificate: TestCertificate? = nil, versions: ClosedRange<Int> = 12...13,
    greeting: String = "", surprise: Surprise = .hangUp, hangsUpFirst: Bool = false,
    onPacket: @escaping @Sendable (String) -> Void = { _ in },
    answer: @escaping @Sendable (Substring) -> Reply
  ) async throws -> LineServer {
    let context = Context(try certificate.map { try $0.context(versions: versions) })
    let hangsUp = Atomic(hangsUpFirst)
    let bootstrap = ServerBootstrap(group: EventLoops.shared)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if hangsUp.exchange(false, ordering: .relaxed) {
            return channel.eventLoop.execute { channel.close(promise: nil) }
          }
          if !greeting.isEmpty { channel.writeAndFlush(ByteBuffer(string: greeting), promise: nil) }
          if let context = context.withLock({ $0 }) {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
          }
          let answerer = Answerer(surprise: surprise, onPacket: onPacket, answer: answer)
          try channel.pipeline.syncOperations.addHandler(answerer)
        }
      }
    let channel = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
    return LineServer(channel: channel, port: channel.localAddress?.port ?? 0, context: context)
  }

  /// Shows another certificate to new connections, as another server on the same port would. Starting one could fail:
  /// a process that another test is starting holds the listening socket of the first until it executes its program.
  func change(to certificate: TestCertificate) throws {
    let new = try certificate.context(versions: 12...13)
    context.withLock { $0 = new }
  }

  func stop() async throws { try await channel.close() }
}

private final class Answerer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let surprise: LineServer.Surprise
  private let onPacket: @Sendable (String) -> Void
  private let answer: @Sendable (Substring) -> LineServer.Reply

  init(
    surprise: LineServer.Surprise, onPacket: @escaping @Sendable (String) -> Void,
    answer: @escaping @Sendable (Substring) -> LineServer.Reply
  ) {
    self.surprise = surprise
    self.onPacket = onPacket
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    // The record type of a handshake (RFC 8446, 5.1).
    if bytes.readableBytesView.first == 0x16 {
      switch surprise {
      case .hangUp: context.close(promise: nil)
      case .silence: break
      case .say(let answer): context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
      }
      return
    }
    let packet = String(buffer: bytes)
    onPacket(packet)
    for line in packet.split(separator: "\n") {
      switch answer(line) {
      case .say(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
      case .hangUp: context.close(promise: nil)
      }
    }
  }

  // A client that does not trust the certificate says so, and goes.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
