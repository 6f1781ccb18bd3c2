import NIOCore
import NIOPosix
import NIOSSL
import Platform
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

  private init(channel: any Channel, port: Int) {
    self.channel = channel
    self.port = port
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
    let context = try certificate.map { try $0.context(versions: versions) }
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
          if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
          let answerer = Answerer(surprise: surprise, onPacket: onPacket, answer: answer)
          try channel.pipeline.syncOperations.addHandler(answerer)
        }
      }
    let channel = try await bind(bootstrap, port: port)
    return LineServer(channel: channel, port: channel.localAddress?.port ?? 0)
  }

  /// A process that another test is starting holds the files of this one, and with them an earlier server on the same
  /// port, until it executes its program. Nothing reports that moment, so this tries again.
  private static func bind(_ bootstrap: ServerBootstrap, port: Int) async throws -> any Channel {
    for _ in 1...500 {
      do {
        return try await bootstrap.bind(host: "127.0.0.1", port: port).get()
      } catch let error as IOError where error.errnoCode == EADDRINUSE && port != 0 {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    return try await bootstrap.bind(host: "127.0.0.1", port: port).get()
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
