import NIOCore
import NIOTLS

/// Placed after the TLS handler: reports completion or failure of the handshake.
final class HandshakeObserver: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let attempt: TLSConnectAttempt
  private var isOver = false

  init(_ attempt: TLSConnectAttempt) { self.attempt = attempt }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted = event {
      isOver = true
      attempt.handshakeCompleted()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isOver { context.fireErrorCaught(error) } else { attempt.handshakeFailed() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    attempt.handshakeFailed()
    context.fireChannelInactive()
  }
}

@available(*, unavailable)
extension HandshakeObserver: Sendable {}
