import NIOCore
import NIOHTTP1

/// One connection to the metrics: a request, its answer, and the close, within a deadline. Lives on the metrics' event
/// loop.
final class MetricsExchange: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let report: MetricsReport
  private let patience: TimeAmount
  private var head: HTTPRequestHead?
  private var state = State.asking
  private var isInputClosed = false
  private var deadline: Scheduled<Void>?

  private enum State {
    case asking
    case answering
    /// Further input is discarded.
    case answered
  }

  private let answering: (Bool) -> Void

  private init(_ report: MetricsReport, patience: TimeAmount, answering: @escaping (Bool) -> Void) {
    self.report = report
    self.patience = patience
    self.answering = answering
  }

  /// The pipeline of a connection.
  /// - Parameter answering: called when the request is complete, and when it is answered.
  static func handlers(
    _ report: MetricsReport, patience: TimeAmount, answering: @escaping (Bool) -> Void
  ) -> [any ChannelHandler] {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = ByteBudget.bytes
    limits.maxHeaderListSize = ByteBudget.bytes
    limits.maxHeaderFieldCount = 64
    return [
      ByteBudget(), HTTPResponseEncoder(),
      ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)),
      MetricsExchange(report, patience: patience, answering: answering),
    ]
  }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // A further request on the same connection is ignored: the first answer says `Connection: close`.
    guard state == .asking else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end: obey(context)
    }
  }

  private func obey(_ context: ChannelHandlerContext) {
    guard let head else { return }
    state = .answering
    answering(true)
    let context = context.loopBound
    let exchange = NIOLoopBound(self, eventLoop: context.eventLoop)
    report.answer(head.method, head.uri, on: context.eventLoop).whenSuccess { answer in
      exchange.value.send(answer, withBody: head.method != .HEAD, context.value)
    }
  }

  private func send(_ answer: MetricsReport.MetricsResponse, withBody: Bool, _ context: ChannelHandlerContext) {
    guard context.channel.isActive, state != .answered else { return }
    state = .answered
    var headers = HTTPHeaders([
      ("Content-Type", answer.type), ("Content-Length", "\(answer.body.utf8.count)"), ("Connection", "close"),
    ])
    if let allows = answer.allows { headers.add(name: "Allow", value: allows) }
    let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if withBody { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil) }
    let channel = context.channel
    let isInputClosed = isInputClosed
    let exchange = NIOLoopBound(self, eventLoop: context.eventLoop)
    // Closing the socket now, with unread input, would reset it and lose the answer: the client closes, or the deadline
    // does.
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      exchange.value.answering(false)
      channel.close(mode: isInputClosed ? .all : .output, promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent {
      isInputClosed = true
      // While the answer is being prepared, `send` closes the connection.
      if state != .answering { context.close(promise: nil) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, state == .asking else { return context.close(promise: nil) }
    let isTooLarge = (error as? HTTPParserError) == .headerOverflow
    let status: HTTPResponseStatus = isTooLarge ? .requestHeaderFieldsTooLarge : .badRequest
    let text = isTooLarge ? "The request is too long.\n" : "This is no HTTP request.\n"
    send(MetricsReport.MetricsResponse(status: status, body: text), withBody: true, context)
  }
}

@available(*, unavailable)
extension MetricsExchange: Sendable {}

/// Limits the total number of bytes read from a connection.
private final class ByteBudget: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  static let bytes = 8192
  private var left = ByteBudget.bytes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let count = unwrapInboundIn(data).readableBytes
    guard left >= 0 else { return }
    left -= count
    if left < 0 {
      context.fireErrorCaught(HTTPParserError.headerOverflow)
    } else {
      context.fireChannelRead(data)
    }
  }
}

@available(*, unavailable)
extension ByteBudget: Sendable {}
