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
  /// Written to, and not flushed.
  private var needsFlush = false
  /// How many lines were sent to it alone in this turn of the event loop.
  private var linesThisTurn = 0

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
    while state == .open, let line = decoder.next() { driver.apply(.received(id, line)) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let event = event as? ChannelEvent, event == .inputClosed else {
      return context.fireUserInboundEventTriggered(event)
    }
    isInputClosed = true
    switch state {
    // It may only have closed its half, and still wait for answers: they are sent before the rest is closed.
    case .open: driver.apply(.closed(id, .closed))
    case .finishing: break
    }
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

  /// Sends one line that is for this session alone.
  /// - Returns: whether it is the first in this turn: `endTurn` is due when the turn is over.
  func send(_ line: ByteBuffer) -> Bool {
    linesThisTurn += 1
    write(line, inPacketOfItsOwn: dialect.isEmpty && linesThisTurn <= Self.packetsPerTurn)
    return linesThisTurn == 1
  }

  func endTurn() {
    linesThisTurn = 0
    flush()
  }

  /// - Parameter inPacketOfItsOwn: sent at once, so that no other line shares its packet.
  func write(_ bytes: ByteBuffer, inPacketOfItsOwn: Bool = false) {
    guard let context else { return }
    if inPacketOfItsOwn {
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
      checkQueue()
    } else {
      context.write(wrapOutboundOut(bytes), promise: nil)
      needsFlush = true
    }
  }

  func flush() {
    guard needsFlush else { return }
    needsFlush = false
    context?.flush()
    checkQueue()
  }

  /// The channel's high water mark is the queue's hard limit.
  private func checkQueue() {
    guard state == .open, let context, !context.channel.isWritable else { return }
    driver.apply(.stalled(id))
  }

  // MARK: The end

  /// How long the other side may take to read its last lines and to close its half.
  private static let lingering = TimeAmount.seconds(2)

  /// Sends what was written, says that no more will come, and closes. A socket that is closed at once, with bytes
  /// unread, is reset, and the last lines are lost to the other side.
  func finish() {
    guard state == .open, let context else { return }
    state = .finishing
    flush()
    let channel = context.channel
    let isInputClosed = isInputClosed
    context.close(mode: .output).whenComplete { result in
      if case .failure = result { return channel.close(promise: nil) }
      if isInputClosed { channel.close(promise: nil) }
    }
    let deadline = context.eventLoop.scheduleTask(in: Self.lingering) { channel.close(promise: nil) }
    channel.closeFuture.whenComplete { _ in deadline.cancel() }
  }

  /// Closes without waiting for anything: what is queued for a reader that does not read will never be read.
  func abort() {
    state = .finishing
    context?.close(promise: nil)
  }
}

@available(*, unavailable)
extension Connection: Sendable {}
