import NIOCore
import NIOPosix
import Platform

/// Schedules a task for when an event loop has polled its sockets again: a pipe that the loop writes to and reads
/// itself. Lives on the event loop.
///
/// An ordinary task may run before the sockets are polled. So may a task scheduled for a little later, because it
/// becomes due while other tasks keep the loop busy.
final class SelfPipe: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private var writeEnd: Int32
  private var task: (() -> Void)?

  private init(writeEnd: Int32) { self.writeEnd = writeEnd }

  /// - Returns: nil if no file descriptors are left. The pipe is closed with the event loop.
  static func open(on eventLoop: any EventLoop) -> EventLoopFuture<NIOLoopBound<SelfPipe>?> {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return eventLoop.makeSucceededFuture(nil) }
    let (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    return eventLoop.flatSubmit {
      let selfPipe = NIOLoopBound(SelfPipe(writeEnd: writeEnd), eventLoop: eventLoop)
      return NIOPipeBootstrap(group: eventLoop)
        .channelOption(ChannelOptions.maxMessagesPerRead, value: 1)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(selfPipe.value) }
        }
        .takingOwnershipOfDescriptor(input: readEnd)
        .map { _ in selfPipe }
        .flatMapErrorThrowing { _ in
          close(readEnd)
          selfPipe.value.closeWriteEnd()
          return nil
        }
    }
  }

  /// Runs the task behind the events of the next poll. Only one task may wait.
  /// - Returns: whether it will run.
  func afterPoll(_ task: @escaping () -> Void) -> Bool {
    var byte: UInt8 = 0
    guard write(writeEnd, &byte, 1) == 1 else { return false }
    self.task = task
    return true
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let task else { return }
    self.task = nil
    context.eventLoop.assumeIsolated().execute(task)
  }

  func channelInactive(context: ChannelHandlerContext) {
    task = nil
    closeWriteEnd()
  }

  private func closeWriteEnd() {
    if writeEnd >= 0 { close(writeEnd) }
    writeEnd = -1
  }
}

@available(*, unavailable)
extension SelfPipe: Sendable {}
