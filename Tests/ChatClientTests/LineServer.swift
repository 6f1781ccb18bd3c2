import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The event loops of clients and servers in these tests. There are more loops than processors, so that a test with
/// much work on its loop delays few others.
enum EventLoops {
  static let shared = MultiThreadedEventLoopGroup(numberOfThreads: 16)
}

/// A scripted line server on its own port. Records the lines of each packet.
final class LineServer: Sendable {
  /// The reaction to a line.
  enum Reply: Sendable {
    case say(String)
    case hangUp
  }

  /// The reaction of a server without TLS to a TLS handshake.
  enum UnexpectedLine: Sendable {
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
  /// - certificate: the server accepts only TLS, with this certificate.
  /// - greeting: sent in plain text to every client before anything else.
  /// - surprise: the reaction to a TLS handshake if there is no certificate.
  /// - hangsUpFirst: whether the first connection is closed without a line.
  /// - answer: called for each line, on an event loop.
  static func start(
    port: Int = 0, certificate: TestCertificate? = nil, versions: ClosedRange<Int> = 12...13,
    greeting: String = "", surprise: UnexpectedLine = .hangUp, hangsUpFirst: Bool = false,
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

  /// Uses another certificate for new connections, like a different server on the same port. Starting a second server
  /// could fail, because a process that another test is spawning holds the listening socket of the first until it
  /// executes its program.
  func change(to certificate: TestCertificate) throws {
    let new = try certificate.context(versions: 12...13)
    context.withLock { $0 = new }
  }

  func stop() async throws { try await channel.close() }
}

private final class Answerer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let surprise: LineServer.UnexpectedLine
  private let onPacket: @Sendable (String) -> Void
  private let answer: @Sendable (Substring) -> LineServer.Reply

  init(
    surprise: LineServer.UnexpectedLine, onPacket: @escaping @Sendable (String) -> Void,
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

  // A client that does not trust the certificate sends an alert and disconnects.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
