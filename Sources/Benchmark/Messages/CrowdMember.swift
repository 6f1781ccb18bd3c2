import ChatProtocol
import CommandSupport
import NIOCore

/// One connection of the crowd. Works on bytes: reading a message takes a few nanoseconds, so that the server is the
/// bottleneck. Isolated to the crowd's event loop.
final class CrowdMember: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let index: Int
  let crowd: Crowd
  let message: BenchMessage
  /// Uses the dialect with tags.
  let isTagged: Bool
  /// The digits of the sender whose messages it acknowledges, in these messages: itself, or its partner. Nil if that one
  /// does not send.
  let senderDigits: UInt64?
  /// The messages that it sends; nil if it does not send.
  var source: MessageSource?
  /// Checks every byte; nil if only digests are compared.
  var checker: DeliveryChecker?

  /// The beginning of an incomplete line.
  var partial: [UInt8] = []
  /// Number of messages read.
  var received = 0
  /// A hash of all messages read, in order: equal for two members that read the same.
  var digest: UInt64 = 0

  private var context: ChannelHandlerContext?
  private var isLeaving = false
  /// Whether the server has answered `LOGIN`.
  private var isLoggedIn = false
  /// Number of answers to `PING` that come besides those that the crowd awaits.
  private var awaitedPongs = 0

  init(index: Int, crowd: Crowd, source: MessageSource?, checker: DeliveryChecker?, isTagged: Bool) {
    self.index = index
    self.crowd = crowd
    self.source = source
    self.checker = checker
    self.isTagged = isTagged
    message = crowd.message
    let sender = message.recipient == .room ? index : BenchMessage.partner(of: index)
    senderDigits = source.map { _ in BenchMessage.digits(of: sender) }
  }

  /// The member whose messages this one acknowledges.
  var acknowledged: CrowdMember? {
    message.recipient == .room ? self : crowd.member(at: BenchMessage.partner(of: index))
  }

  private var name: String { "client \(BenchMessage.name(of: index))" }

  // MARK: Writing

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    if isTagged { send("CAP REQ tags\n") }
    send("LOGIN \(BenchMessage.name(of: index))\n")
  }

  func ping() { send("PING\n") }

  /// Sends `PING`, whose answer the crowd does not await.
  func keepConnected() {
    awaitedPongs += 1
    ping()
  }

  /// Sends `QUIT` and ignores all further input.
  /// - Returns: succeeds when the server has closed the connection and thus released the name.
  func quit() -> EventLoopFuture<Void> {
    isLeaving = true
    send("QUIT\n")
    return context?.channel.closeFuture ?? crowd.eventLoop.makeSucceededVoidFuture()
  }

  func close() {
    isLeaving = true
    context?.close(promise: nil)
  }

  /// Sends messages until the maximum number is in flight.
  func talk() {
    guard let context, let lines = source?.next(at: .now()) else { return }
    context.writeAndFlush(wrapOutboundOut(lines), promise: nil)
  }

  private func send(_ line: String) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: line)), promise: nil)
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isLeaving { return }
    var arrived = unwrapInboundIn(data)
    let sender = acknowledged
    let wasUnderWay = sender?.source?.underWay
    if let complaint = read(&arrived, at: .now()) { return crowd.fail("\(name) \(complaint)") }
    if let sender, let underWay = sender.source?.underWay, underWay != wasUnderWay {
      if crowd.isTalking { sender.talk() } else if underWay == 0 { crowd.checkDrained() }
    }
    if crowd.awaitsDeliveries { crowd.checkDrained() }
  }

  /// Handles an answer to `LOGIN` or `PING`.
  /// - Returns: whether it was expected.
  func heardAnswer(isPong: Bool) -> Bool {
    isLoggedIn = true
    guard isPong, awaitedPongs > 0 else { return crowd.heardAnswer() }
    awaitedPongs -= 1
    return true
  }

  /// Describes unexpected bytes.
  func unexpected(_ bytes: UnsafeRawBufferPointer) -> String {
    "\(isLoggedIn ? "got a line that nobody sent" : "cannot log in"): \(DisplayText.quoted(bytes))"
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !isLeaving { crowd.fail(Failure(of: name, error)) }
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    if !isLeaving { crowd.fail("the server hung up on \(name)") }
  }
}

@available(*, unavailable)
extension CrowdMember: Sendable {}
