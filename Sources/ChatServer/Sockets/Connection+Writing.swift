import ChatDialects
import ChatHub
import ChatProtocol
import NIOCore
import Platform

// Writing.

extension Connection {
  /// Lines for this session alone are buffered until the end of the iteration, or until other output follows; the
  /// buffer is limited to this size.
  private static let ownBytes = 64 * 1024

  /// Above this size, output is sent before the iteration ends: one iteration may contain hundreds of requests for long
  /// lists, and a client that does not read must be detected before all answers are written.
  private static let earlyFlush = 128 * 1024

  /// Noted lines of this size or less are copied: sending them from the shared buffer would cost more.
  private static let fewShared = 4096

  /// Queues a line for this session alone. The caller must call `endIteration` at the end of the iteration.
  func send(_ message: ServerMessage, tags: Tags) {
    driver.noteLine(own.append { dialect.write(message, tags: tags, into: &$0) })
    if own.end > Self.ownBytes { writeOwn() }
  }

  /// Notes published lines, which are sent before later lines. The caller must call `endIteration` at the end of the
  /// iteration.
  func note(_ slice: PublishedLines.Slice) {
    if let last = noted.last, last.ownEnd == own.end, last.slice.lines === slice.lines, last.slice.end == slice.start {
      noted[noted.count - 1].slice.end = slice.end
    } else {
      noted.append(NotedLines(ownEnd: own.end, slice: slice))
    }
  }

  /// Writes shared bytes, behind the lines for this session alone.
  /// - Parameter inPacketOfItsOwn: sends at once, so that no other line shares the packet.
  func write(_ shared: ByteBuffer, inPacketOfItsOwn: Bool = false) {
    writeOwn()
    pass(shared, inPacketOfItsOwn: inPacketOfItsOwn)
  }

  func endIteration() {
    flush()
    isTouched = false
  }

  func flush() {
    writeOwn()
    flushWritten()
  }

  private func flushWritten() {
    guard unflushed > 0 else { return }
    unflushed = 0
    if let bytes = single {
      single = nil
      guard let rest = sendToSocket(bytes) else { return }
      context?.write(wrapOutboundOut(rest), promise: nil)
    }
    context?.flush()
    noteFlush()
  }

  /// Writes the lines for this session alone, and the published lines between them.
  private func writeOwn() {
    // Every line to every reader comes here.
    guard isTouched, own.end > 0 || !noted.isEmpty else { return }
    if usesPacketPerLine, own.areFew, driver.isQuiet {
      writeLines()
    } else if noted.isEmpty {
      pass(own.bytes, inPacketOfItsOwn: false)
    } else {
      writeMerged()
    }
    own.removeAll()
    noted.removeAll()
  }

  /// Writes one packet per line, except for noted lines that are many.
  private func writeLines() {
    var start = 0
    func writeOwn(upTo end: Int) {
      for line in own.single(from: start, to: end) { pass(line, inPacketOfItsOwn: true) }
      start = end
    }
    for noted in noted {
      writeOwn(upTo: noted.ownEnd)
      if noted.slice.lines.areFew {
        for line in noted.slice.single { pass(line, inPacketOfItsOwn: true) }
      } else if let bytes = noted.slice.bytes {
        pass(bytes, inPacketOfItsOwn: false)
      }
    }
    writeOwn(upTo: own.end)
  }

  private func writeMerged() {
    var merged = ByteBuffer()
    merged.reserveCapacity(
      noted.reduce(own.end) { $0 + ($1.slice.count > Self.fewShared ? 0 : $1.slice.count) })
    var start = 0
    func writeOwn(upTo end: Int) {
      if let lines = own.bytes.getSlice(at: start, length: end - start) { merged.writeImmutableBuffer(lines) }
      start = end
    }
    for noted in noted {
      writeOwn(upTo: noted.ownEnd)
      guard let bytes = noted.slice.bytes else { continue }
      if bytes.readableBytes <= Self.fewShared {
        merged.writeImmutableBuffer(bytes)
      } else {
        pass(merged, inPacketOfItsOwn: false)
        merged = ByteBuffer()
        pass(bytes, inPacketOfItsOwn: false)
      }
    }
    writeOwn(upTo: own.end)
    pass(merged, inPacketOfItsOwn: false)
  }

  private func pass(_ bytes: ByteBuffer, inPacketOfItsOwn: Bool) {
    guard bytes.readableBytes > 0, let context else { return }
    driver.metrics.bytesSent &+= bytes.readableBytes
    if unflushed == 0, descriptor >= 0, !isChannelBusy {
      single = bytes
      unflushed = bytes.readableBytes
      if inPacketOfItsOwn || unflushed > Self.earlyFlush { flushWritten() }
      return
    }
    if let first = single {
      single = nil
      context.write(wrapOutboundOut(first), promise: nil)
    }
    if inPacketOfItsOwn {
      unflushed = 0
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
      noteFlush()
    } else {
      context.write(wrapOutboundOut(bytes), promise: nil)
      unflushed += bytes.readableBytes
      if unflushed > Self.earlyFlush { flushWritten() }
    }
  }

  /// After a flush of the channel.
  private func noteFlush() {
    if descriptor >= 0, let channel = context?.channel { isChannelBusy = unsent(channel) > 0 }
    checkQueue()
  }

  // MARK: Bypassing the channel

  /// Lets a plain connection write to its socket without the channel and its pipeline, which take a third of the time
  /// for a short line. The channel still gets what the socket does not accept, and handles all errors.
  func decideBypass(_ context: ChannelHandlerContext) {
    isBypassDecided = true
    guard !isEncrypted else { return }
    // The descriptor is valid until the channel is inactive. In tests there may be no socket.
    let found = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable { (socket: Int32) in socket }
    descriptor = found.flatMap { $0 } ?? -1
    isChannelBusy = unsent(context.channel) > 0
  }

  func endBypass() {
    descriptor = -1
    single = nil
  }

  /// - Returns: the bytes that the socket has not accepted; nil if it has accepted all.
  private func sendToSocket(_ bytes: ByteBuffer) -> ByteBuffer? {
    var rest = bytes
    rest.moveReaderIndex(forwardBy: rest.withUnsafeReadableBytes { sendWithoutWaiting(descriptor, $0) })
    return rest.readableBytes == 0 ? nil : rest
  }

  // MARK: Slow readers

  /// Sets the size at which the channel becomes unwritable: the soft limit for a client that can resume, so that it is
  /// detected early; the hard limit for any other.
  func limitQueue() {
    guard let options = context?.channel.syncOptions else { return }
    let most = mayLag ? limits.soft : limits.hard
    // Fails only on a closed socket, which needs no limit.
    try? options.setOption(.writeBufferWaterMark, value: .init(low: most / 2, high: most))
  }

  private func checkQueue() {
    guard state == .open, let context, !context.channel.isWritable else { return }
    if !mayLag || unsent(context.channel) > limits.hard { return driver.apply(.stalled(id)) }
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
