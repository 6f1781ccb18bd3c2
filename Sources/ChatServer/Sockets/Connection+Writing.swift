import ChatHub
import ChatProtocol
import NIOCore

// Bytes out.
extension Connection {
  /// So many lines to one plain session go out in a packet each, since there are clients that take what one read
  /// returns for one line. Beyond, it is a flood, and packets cost more than they help.
  private static let packetsPerTurn = 8

  /// Lines for this session alone wait until the end of the turn, or until something follows them; more than this does
  /// not wait.
  private static let ownBytes = 64 * 1024

  /// More than this is sent before the turn is over: one turn may take hundreds of requests for a list of people, and
  /// whoever does not read them must be found out before all are written.
  private static let earlyFlush = 128 * 1024

  /// Queues a line that is for this session alone.
  /// - Returns: whether it is the first in this turn: `endTurn` is due when the turn is over.
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

  /// Writes bytes that others are sent, too, behind the lines for this session alone.
  /// - Parameter inPacketOfItsOwn: sent at once, so that no other line shares its packet.
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

  /// The channel says that it cannot be written to from here on. Who can be told later what was left out is asked to
  /// read early, and the others when it is too late.
  func limitQueue() {
    guard let options = context?.channel.syncOptions else { return }
    let most = dialect.contains(.resume) ? limits.soft : limits.hard
    // Fails on a socket that is closed, and then it does not matter.
    try? options.setOption(.writeBufferWaterMark, value: .init(low: most / 2, high: most))
  }

  private func checkQueue() {
    guard state == .open, let context, !context.channel.isWritable else { return }
    if !dialect.contains(.resume) || unsent(context.channel) > limits.hard { return driver.apply(.stalled(id)) }
    // What it asks for would only make more of it.
    pause(.lagging)
    // Who is in no room yet, or no more, can miss nothing.
    guard !isLagging, !subscriptions.isEmpty else { return }
    isLagging = true
    driver.apply(.lagging(id))
  }

  /// It has read what waited for it.
  func catchUpReading() {
    guard state == .open else { return }
    if isLagging {
      isLagging = false
      driver.apply(.caughtUp(id))
    }
    resume(.lagging)
  }

  /// Bytes that the kernel has not taken.
  func unsent(_ channel: any Channel) -> Int {
    let bytes = try? channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
    return bytes ?? 0
  }
}
