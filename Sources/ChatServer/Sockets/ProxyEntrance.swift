import NIOCore

/// The first handler of a connection from a proxy: it activates the following handlers when the PROXY header is
/// complete. The header is required: if it were optional, a client behind a proxy that sends none could forge one.
final class ProxyEntrance: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let connection: Connection
  private var received = ByteBuffer()
  private var deadline: Scheduled<Void>?
  private var isOver = false
  /// The following handlers have been activated. From then on they receive all events, even before this handler is
  /// removed: input behind the header may close the connection at once.
  private var isOpen = false

  /// A proxy sends its header immediately.
  private static let patience = TimeAmount.seconds(5)

  init(before connection: Connection) { self.connection = connection }

  func channelActive(context: ChannelHandlerContext) {
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { self.refuse(.late, context) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isOpen { return context.fireChannelRead(data) }
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
    isOpen = true
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

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if isOpen { return context.fireUserInboundEventTriggered(event) }
    if event as? ChannelEvent == .inputClosed { refuse(.closed, context) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if isOpen { return context.fireChannelInactive() }
    refuse(.closed, context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isOpen { return context.fireErrorCaught(error) }
    refuse(.closed, context)
  }
}

@available(*, unavailable)
extension ProxyEntrance: Sendable {}
