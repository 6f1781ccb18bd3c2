import NIOCore

/// Stands first on a connection from a proxy, and opens it for the others when its header has come. The header is
/// required: if it were not, whoever reaches the server through a proxy that sends none could send one of their own.
final class ProxyEntrance: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let connection: Connection
  private var received = ByteBuffer()
  private var deadline: Scheduled<Void>?
  private var isOver = false

  /// A proxy sends its header at once.
  private static let patience = TimeAmount.seconds(5)

  init(before connection: Connection) { self.connection = connection }

  func channelActive(context: ChannelHandlerContext) {
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { self.refuse(.late, context) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isOver else { return }
    var bytes = unwrapInboundIn(data)
    received.writeBuffer(&bytes)
    do {
      guard let header = try ProxyHeader.read(from: &received) else { return }
      open(header, context)
    } catch {
      refuse(error, context)
    }
  }

  private func open(_ header: ProxyHeader, _ context: ChannelHandlerContext) {
    isOver = true
    deadline?.cancel()
    connection.proxyHeader = header
    let rest = received
    received = ByteBuffer()
    context.fireChannelActive()
    if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }

  private func refuse(_ failure: ProxyHeader.Failure, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    isOver = true
    deadline?.cancel()
    connection.driver.proxyReports.failed(.readingProxyHeaders, failure)
    context.close(promise: nil)
  }

  // The others have not heard of the connection.

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { refuse(.closed, context) }
  }

  func channelInactive(context: ChannelHandlerContext) { refuse(.closed, context) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { refuse(.closed, context) }
}

@available(*, unavailable)
extension ProxyEntrance: Sendable {}
