import NIOCore

// Closing.

extension Connection {
  /// The maximum time without progress while the client reads its last lines and closes its direction.
  private static let lingering = TimeAmount.seconds(2)
  /// The maximum number of such periods for a client that does make progress.
  private static let patience = 15

  /// Sends pending output, then the end of output, and closes. Closing a socket at once, with unread input, would reset
  /// it and lose the client's last lines.
  /// - Parameter lingers: whether to wait until the client has read them. Not if connections are scarce.
  func finish(lingers: Bool = true) {
    guard state == .open else { return }
    guard let context else { return abort() }
    // Nothing can be sent during a handshake, and nothing must be sent unencrypted.
    if case .beginning = encryption { return abort() }
    state = .finishing
    flush()
    let channel = context.channel
    guard lingers else { return closeAtOnce() }
    if isInputClosed {
      // Closing the output of a channel whose input is closed closes the whole channel and drops unsent output, so
      // close only after an empty write, which completes after all earlier output. Close in a task of its own: TLS
      // then writes its close notification, and a write made while another one completes would wait.
      let sent = context.eventLoop.makePromise(of: Void.self)
      sent.futureResult.whenComplete { _ in channel.eventLoop.execute { channel.close(mode: .output, promise: nil) } }
      context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    } else {
      ignoreInput()
      context.close(mode: .output).assumeIsolated().whenFailure { _ in self.closeAtOnce() }
    }
    linger(channel, queued: unsent(channel), rounds: Self.patience)
  }

  /// Closes after a period without progress, or after the maximum number of periods.
  private func linger(_ channel: any Channel, queued: Int, rounds: Int) {
    let deadline = channel.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
      let unsent = self.unsent(channel)
      guard unsent < queued, rounds > 0 else { return self.closeAtOnce() }
      self.linger(channel, queued: unsent, rounds: rounds - 1)
    }
    channel.closeFuture.whenComplete { _ in deadline.cancel() }
  }

  /// Closes immediately: output queued for a client that does not read will never be read.
  func abort() {
    state = .finishing
    closeAtOnce()
    reportClosed()
  }
}
