import ChatProtocol
import CommandSupport
import NIOCore

/// The client that sends `PING` again and again, and measures the time until `PONG`. Isolated to one event loop.
final class PingClient: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// The result of a measurement.
  struct Answers: Sendable {
    /// From `PING` to `PONG`. A `PING` without an answer counts until the end of the measurement.
    var latencies: Histogram
    var answered: Int
  }

  /// Sent before the measurement.
  private let messages: Int
  /// Succeeds when the client is logged in, and its messages have arrived.
  private let ready: EventLoopPromise<Void>
  /// Called when the server refuses something or hangs up.
  private let failed: @Sendable (Failure) -> Void
  private var context: ChannelHandlerContext?
  private var lines = LineBeginnings(longest: 200)
  private var isReady = false
  private var isOver = false
  private var failure: Failure?
  private var sent: MonotonicTime?
  private var latencies = Histogram()

  static let name = "pinger"
  private static let interval = TimeAmount.milliseconds(2)

  init(messages: Int, ready: EventLoopPromise<Void>, failed: @escaping @Sendable (Failure) -> Void) {
    self.messages = messages
    self.ready = ready
    self.failed = failed
  }

  func begin() { ping() }

  /// Ends the measurement, but not before a `PING` was answered.
  /// - Parameter deadline: for the first answer.
  /// - Returns: fails if the server has refused something or hung up.
  func end(by deadline: NIODeadline) -> EventLoopFuture<Answers> {
    ready.futureResult.eventLoop.takeReading(after: .zero) {
      if let failure = self.failure { throw failure }
      guard self.latencies.samples > 0 || NIODeadline.now() >= deadline else { return nil }
      return self.end()
    }
  }

  /// Nothing is reported from now on.
  func stop() {
    isOver = true
    context?.close(promise: nil)
  }

  private func end() -> Answers {
    var answers = Answers(latencies: latencies, answered: latencies.samples)
    if let sent { answers.latencies.add((MonotonicTime.now() - sent).nanoseconds) }
    stop()
    return answers
  }

  private func ping() {
    guard !isOver else { return }
    sent = .now()
    write("PING\n")
  }

  private func write(_ text: String) { context?.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil) }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    let lines = (0..<messages).map { "MSG a message with the number \($0)\n" }.joined()
    write("LOGIN \(Self.name)\n\(lines)PING\n")
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isReady { lines.longest = 64 }
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in lines.read(bytes) { hear($0, context) } }
  }

  private func hear(_ line: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
    if line.starts(with: "ERR".utf8) { return fail(Failure("\(Self.name) was refused: \(DisplayText.quoted(line))")) }
    guard line.elementsEqual("PONG".utf8) else { return }
    guard isReady else {
      isReady = true
      return ready.succeed()
    }
    guard let sent else { return }
    latencies.add((MonotonicTime.now() - sent).nanoseconds)
    self.sent = nil
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.interval) { self.ping() }
  }

  private func fail(_ failure: Failure) {
    guard self.failure == nil, !isOver else { return }
    self.failure = failure
    // In this order, because the waiting caller ends the event loops at once.
    failed(failure)
    ready.fail(failure)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    fail(Failure("the server hung up on \(Self.name)"))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(Failure(of: Self.name, error))
    context.close(promise: nil)
  }
}

@available(*, unavailable)
extension PingClient: Sendable {}
