import NIOCore

/// Replaces the socket, and records the bytes of each flush: at low load, one packet each.
final class PacketRecorder: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  private var packets: [String] = []
  private var written = ByteBuffer()

  /// The packets sent since the last call.
  func take() -> [String] {
    defer { packets = [] }
    return packets
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    var bytes = unwrapOutboundIn(data)
    written.writeBuffer(&bytes)
    promise?.succeed()
  }

  func flush(context: ChannelHandlerContext) {
    if written.readableBytes > 0 { packets.append(String(buffer: written)) }
    written.clear()
  }
}

@available(*, unavailable)
extension PacketRecorder: Sendable {}
