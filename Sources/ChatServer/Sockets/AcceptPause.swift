import NIOCore

/// Stops accepting for a second after an accept has failed, typically for want of file descriptors: the next one would
/// fail at once, without a pause. NIO's own `AcceptBackoffHandler` only delays reads that are asked for, and after a
/// failure there is none: the listener stays registered with the selector.
///
/// Stands before NIO's `AcceptHandler`; also puts `AcceptedFailures` behind it.
final class AcceptPause: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private let reports: AcceptReports
  private var isPausing = false

  private static let pause = TimeAmount.seconds(1)

  init(reports: AcceptReports) { self.reports = reports }

  /// NIO registers a listener when its `AcceptHandler` is in place.
  func channelRegistered(context: ChannelHandlerContext) {
    do {
      try context.pipeline.syncOperations.addHandler(AcceptedFailures(reports: reports))
    } catch {
      reports.failed(.serving, error)
    }
    context.fireChannelRegistered()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is IOError else { return context.fireErrorCaught(error) }
    reports.failed(.accepting, error)
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
    // Fails only on a closed listener, which needs no change.
    try? channel.syncOptions?.setOption(.autoRead, value: isReading)
  }
}

@available(*, unavailable)
extension AcceptPause: Sendable {}

/// Reports accepted connections that could not be set up: a socket option or a handler failed, and NIO has closed the
/// connection. NIO tells only the handlers behind its `AcceptHandler`.
final class AcceptedFailures: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private let reports: AcceptReports

  init(reports: AcceptReports) { self.reports = reports }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // The client has closed the connection in the meantime.
    if error as? ChannelError == .ioOnClosedChannel { return }
    reports.failed(.serving, error)
  }
}

@available(*, unavailable)
extension AcceptedFailures: Sendable {}
