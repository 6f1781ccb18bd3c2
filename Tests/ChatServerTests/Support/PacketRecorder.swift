import NIOCore

/// Stands where the socket would be, and keeps what each flush would have handed it: at low load, a packet each.
final class PacketRecorder: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  private var packets: [String] = []
  private var written = ByteBuffer()

  /// What was sent since the last call.
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
