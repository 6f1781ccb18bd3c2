import ChatHub
import ChatProtocol
import NIOCore

// Writing.
extension Connection {
  /// Up to this many lines per turn to one plain session are sent in a packet each, because some clients treat the
  /// result of one read as one line. Above it packets cost more than they help.
  private static let packetsPerTurn = 8

  /// Lines for this session alone are buffered until the end of the turn, or until other output follows; the buffer is
  /// limited to this size.
  private static let ownBytes = 64 * 1024

  /// Above this size, output is sent before the turn ends: one turn may contain hundreds of requests for long lists,
  /// and a client that does not read must be detected before all answers are written.
  private static let earlyFlush = 128 * 1024

  /// Queues a line for this session alone.
  /// - Returns: whether it is the first in this turn: the caller must then call `endTurn` at the end of the turn.
  func send(_ message: ServerMessage, tags: Tags) -> Bool {
    let isFirst = !isTouched
    isTouched = true
    let start = own.writerIndex
    message.write(into: &own, for: dialect, tags: tags)
    driver.noteLine(own.writerIndex - start)
    if ownEnds.count <= Self.packetsPerTurn { ownEnds.append(own.writerIndex) }
    if own.readableBytes > Self.ownBytes { writeOwn() }
    return isFirst
  }

  /// Writes shared bytes, behind the lines for this session alone.
  /// - Parameter inPacketOfItsOwn: sends at once, so that no other line shares the packet.
  func write(_ shared: ByteBuffer, inPacketOfItsOwn: Bool = false) {
    writeOwn()
    pass(shared, inPacketOfItsOwn: inPacketOfItsOwn)
  }

  func endTurn() {
    isTouched = false
    flush()
  }

  func flush() {
    writeOwn()
    flushWritten()
  }

  private func flushWritten() {
    guard unflushed > 0 else { return }
    unflushed = 0
    context?.flush()
    checkQueue()
  }

  private func writeOwn() {
    guard own.readableBytes > 0 else { return }
    if dialect.isEmpty, ownEnds.count <= Self.packetsPerTurn, driver.isQuiet {
      var start = own.readerIndex
      for end in ownEnds {
        if let line = own.getSlice(at: start, length: end - start) { pass(line, inPacketOfItsOwn: true) }
        start = end
      }
    } else {
      pass(own, inPacketOfItsOwn: false)
    }
    own = ByteBuffer()
    ownEnds.removeAll()
  }

  private func pass(_ bytes: ByteBuffer, inPacketOfItsOwn: Bool) {
    guard let context else { return }
    driver.metrics.bytesSent &+= bytes.readableBytes
    if inPacketOfItsOwn {
      unflushed = 0
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
      checkQueue()
    } else {
      context.write(wrapOutboundOut(bytes), promise: nil)
      unflushed += bytes.readableBytes
      if unflushed > Self.earlyFlush { flushWritten() }
    }
  }

  // MARK: Slow readers

  /// Sets the size at which the channel becomes unwritable: the soft limit for a client that can resume, so that it is
  /// detected early; the hard limit for any other.
  func limitQueue() {
    guard let options = context?.channel.syncOptions else { return }
    let most = dialect.contains(.resume) ? limits.soft : limits.hard
    // Fails only on a closed socket, which needs no limit.
    try? options.setOption(.writeBufferWaterMark, value: .init(low: most / 2, high: most))
  }

  private func checkQueue() {
    guard state == .open, let context, !context.channel.isWritable else { return }
    if !dialect.contains(.resume) || unsent(context.channel) > limits.hard { return driver.apply(.stalled(id)) }
    // Further requests would only enlarge the queue.
    pause(.lagging)
    // A session without subscriptions misses nothing.
    guard !isLagging, !subscriptions.isEmpty else { return }
    isLagging = true
    driver.apply(.lagging(id))
  }

  /// The queue has drained.
  func catchUpReading() {
    guard state == .open else { return }
    if isLagging {
      isLagging = false
      driver.apply(.caughtUp(id))
    }
    resume(.lagging)
  }

  /// Bytes that the kernel has not accepted yet.
  func unsent(_ channel: any Channel) -> Int {
    let bytes = try? channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
    return bytes ?? 0
  }
}
