import NIOCore
import NIOPosix

/// A server of a few lines on a port of its own: what it says to each line, and what it heard in each packet.
final class LineServer: Sendable {
  /// What becomes of a line.
  enum Reply: Sendable {
    case say(String)
    case hangUp
  }

  let port: Int
  private let channel: any Channel

  private init(channel: any Channel, port: Int) {
    self.channel = channel
    self.port = port
  }

  /// - Parameter answer: called for each line, on an event loop.
  static func start(
    port: Int = 0, onPacket: @escaping @Sendable (String) -> Void = { _ in },
    answer: @escaping @Sendable (Substring) -> Reply
  ) async throws -> LineServer {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Answerer(onPacket: onPacket, answer: answer))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    return LineServer(channel: channel, port: channel.localAddress?.port ?? 0)
  }

  func stop() async throws { try await channel.close() }
}

private final class Answerer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let onPacket: @Sendable (String) -> Void
  private let answer: @Sendable (Substring) -> LineServer.Reply

  init(onPacket: @escaping @Sendable (String) -> Void, answer: @escaping @Sendable (Substring) -> LineServer.Reply) {
    self.onPacket = onPacket
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let packet = String(buffer: unwrapInboundIn(data))
    onPacket(packet)
    for line in packet.split(separator: "\n") {
      switch answer(line) {
      case .say(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
      case .hangUp: context.close(promise: nil)
      }
    }
  }
}
