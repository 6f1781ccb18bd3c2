import NIOCore

/// Where there is no descriptor for a connection, those who come wait with the kernel for a while: accepting would fail
/// again at once, without a pause. NIO's own `AcceptBackoffHandler` only puts off what is asked to be read, which after
/// a failure is nothing: the listener stays registered with the selector.
final class AcceptPause: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private var isPausing = false

  private static let pause = TimeAmount.seconds(1)

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is IOError else { return context.fireErrorCaught(error) }
    guard !isPausing else { return }
    isPausing = true
    setReading(false, context.channel)
    let channel = context.channel
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
      self.isPausing = false
      self.setReading(true, channel)
    }
  }

  private func setReading(_ isReading: Bool, _ channel: any Channel) {
    // Fails on a listener that is closed, and then it does not matter.
    try? channel.syncOptions?.setOption(.autoRead, value: isReading)
  }
}

@available(*, unavailable)
extension AcceptPause: Sendable {}
