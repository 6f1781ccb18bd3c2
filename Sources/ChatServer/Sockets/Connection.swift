import ChatHub
import ChatProtocol
import NIOCore

/// One socket: bytes in, lines out to the hub's driver, and the driver's bytes back. Lives on the event loop.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let id: SessionID
  private let driver: HubDriver
  private let limits: SendQueueLimits
  private var context: ChannelHandlerContext?
  private var decoder = LineDecoder(allowsTags: false)
  private var state = State.open

  private enum State {
    case open
    /// The hub is done with it; what was written is being sent, and what still comes is thrown away.
    case finishing
  }

  /// The last thing that went wrong with the socket.
  private var hasFailed = false
  private var isInputClosed = false
  /// There are lines that were read and not taken: nothing more is read until they are.
  private var isCatchingUp = false
  /// Bytes that were written and not flushed.
  private var unflushed = 0
  /// Lines for this session alone, and where they end, while there are few.
  private var own = ByteBuffer()
  private var ownEnds: [Int] = []
  /// Whether there were such lines in this turn of the event loop.
  private var isTouched = false

  /// What the session speaks.
  var dialect: Capabilities = [] {
    didSet { decoder.allowsTags = dialect.contains(.tags) }
  }

  /// Its place in the audience of its dialect, once admitted.
  var seat: Seat?

  struct Seat {
    var index: Int
    /// How many of the audience's pending bytes it has been handed.
    var delivered: Int
  }

  init(id: SessionID, driver: HubDriver, limits: SendQueueLimits) {
    self.id = id
    self.driver = driver
    self.limits = limits
  }

  var peer: String { context?.remoteAddress?.hostAndPort ?? "unknown" }

  // MARK: Bytes in

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    driver.open(self)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state == .open else { return }
    decoder.append(unwrapInboundIn(data))
    if !isCatchingUp { takeLines() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let event = event as? ChannelEvent, event == .inputClosed else {
      return context.fireUserInboundEventTriggered(event)
    }
    isInputClosed = true
    if !isCatchingUp { endInput() }
  }

  /// So many lines of one client are taken in one turn; then it is the others' turn. A flood of the shortest lines
  /// would otherwise hold everybody up for as long as reading one socket's buffer takes.
  private static let linesPerTurn = 256

  private func takeLines() {
    var taken = 0
    while state == .open, let line = decoder.next() {
      driver.apply(.received(id, line))
      taken += 1
      guard taken < Self.linesPerTurn else { return catchUpLater() }
    }
    guard isCatchingUp else { return }
    isCatchingUp = false
    setReading(true)
    if isInputClosed { endInput() }
  }

  private func catchUpLater() {
    guard let context else { return }
    if !isCatchingUp { setReading(false) }
    isCatchingUp = true
    // A task that is due at once would run before any socket is looked at.
    context.eventLoop.assumeIsolated().scheduleTask(in: .microseconds(100)) { self.takeLines() }
  }

  private func setReading(_ isReading: Bool) {
    // Fails on a socket that is closed, and then it does not matter.
    try? context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
  }

  /// The other side may only have closed its half, and still wait for answers: they are sent before the rest is closed.
  private func endInput() {
    if state == .open { driver.apply(.closed(id, .closed)) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    hasFailed = true
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    driver.disconnected(self, reason: hasFailed ? .lost : .closed)
    self.context = nil
    context.fireChannelInactive()
  }

  // MARK: Bytes out

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
    message.write(into: &own, for: dialect, tags: tags)
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

  /// The channel's high water mark is the queue's hard limit.
  private func checkQueue() {
    guard state == .open, let context, !context.channel.isWritable else { return }
    driver.apply(.stalled(id))
  }

  // MARK: The end

  /// How long nothing may move while the other side reads its last lines and closes its half.
  private static let lingering = TimeAmount.seconds(2)
  /// How often a reader that does move may be waited for.
  private static let patience = 15

  /// Sends what was written, says that no more will come, and closes. A socket that is closed at once, with bytes
  /// unread, is reset, and the last lines are lost to the other side.
  /// - Parameter lingers: whether to wait for the other side to have read them. Not where connections are short.
  func finish(lingers: Bool = true) {
    guard state == .open, let context else { return }
    state = .finishing
    flush()
    let channel = context.channel
    guard lingers else { return channel.close(promise: nil) }
    if isInputClosed {
      // Closing the output of a channel without input closes all of it, and drops what is not sent yet: what is
      // written last is sent last.
      let sent = context.eventLoop.makePromise(of: Void.self)
      sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
      context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    } else {
      context.close(mode: .output).whenFailure { _ in channel.close(promise: nil) }
    }
    linger(channel, queued: unsent(channel), rounds: Self.patience)
  }

  /// Closes after a while in which nothing was sent, or after all patience.
  private func linger(_ channel: any Channel, queued: Int, rounds: Int) {
    let deadline = channel.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
      let unsent = self.unsent(channel)
      guard unsent < queued, rounds > 0 else { return channel.close(promise: nil) }
      self.linger(channel, queued: unsent, rounds: rounds - 1)
    }
    channel.closeFuture.whenComplete { _ in deadline.cancel() }
  }

  /// Bytes that the kernel has not taken.
  private func unsent(_ channel: any Channel) -> Int {
    let bytes = try? channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)
    return bytes ?? 0
  }

  /// Closes without waiting for anything: what is queued for a reader that does not read will never be read.
  func abort() {
    state = .finishing
    context?.close(promise: nil)
  }
}

@available(*, unavailable)
extension Connection: Sendable {}
