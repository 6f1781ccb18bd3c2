import NIOCore

// The end.
extension Connection {
  /// How long nothing may move while the other side reads its last lines and closes its half.
  private static let lingering = TimeAmount.seconds(2)
  /// How often a reader that does move may be waited for.
  private static let patience = 15

  /// Sends what was written, says that no more will come, and closes. A socket that is closed at once, with bytes
  /// unread, is reset, and the last lines are lost to the other side.
  /// - Parameter lingers: whether to wait for the other side to have read them. Not where connections are short.
  func finish(lingers: Bool = true) {
    guard state == .open, let context else { return }
    // Nothing can be said in the middle of a handshake, least of all unencrypted.
    if case .beginning = encryption { return abort() }
    state = .finishing
    flush()
    let channel = context.channel
    guard lingers else { return closeAtOnce() }
    if isInputClosed {
      // Closing the output of a channel without input closes all of it, and drops what is not sent yet: what is
      // written last is sent last, but for TLS's good-bye, which is sent as a task of its own: what is written while
      // others are being sent waits.
      let sent = context.eventLoop.makePromise(of: Void.self)
      sent.futureResult.whenComplete { _ in channel.eventLoop.execute { channel.close(mode: .output, promise: nil) } }
      context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    } else {
      ignoreInput()
      context.close(mode: .output).assumeIsolated().whenFailure { _ in self.closeAtOnce() }
    }
    linger(channel, queued: unsent(channel), rounds: Self.patience)
  }

  /// Closes after a while in which nothing was sent, or after all patience.
  private func linger(_ channel: any Channel, queued: Int, rounds: Int) {
    let deadline = channel.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
      let unsent = self.unsent(channel)
      guard unsent < queued, rounds > 0 else { return self.closeAtOnce() }
      self.linger(channel, queued: unsent, rounds: rounds - 1)
    }
    channel.closeFuture.whenComplete { _ in deadline.cancel() }
  }

  /// Closes without waiting for anything: what is queued for a reader that does not read will never be read.
  func abort() {
    state = .finishing
    closeAtOnce()
  }
}
