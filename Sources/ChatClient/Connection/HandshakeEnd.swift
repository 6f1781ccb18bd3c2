import NIOCore
import NIOTLS

/// Behind TLS: says when it is there, or failed.
final class HandshakeEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let opening: Opening
  private var isOver = false

  init(_ opening: Opening) { self.opening = opening }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted = event {
      isOver = true
      opening.hasAgreed()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isOver { context.fireErrorCaught(error) } else { opening.handshakeFailed() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    opening.handshakeFailed()
    context.fireChannelInactive()
  }
}

@available(*, unavailable)
extension HandshakeEnd: Sendable {}
