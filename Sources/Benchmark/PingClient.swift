import ChatProtocol
import CommandSupport
import NIOCore

/// The client that sends `PING` again and again, and measures the time until `PONG`. Isolated to one event loop.
final class PingClient: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Sent before the measurement.
  private let messages: Int
  /// Succeeds when the client is logged in, and its messages have arrived.
  private let ready: EventLoopPromise<Void>
  private var context: ChannelHandlerContext?
  private var lines = LineBeginnings()
  private var isReady = false
  private var isOver = false
  private var sent: MonotonicTime?
  private var latencies: [Int64] = []

  private static let name = "pinger"
  private static let interval = TimeAmount.milliseconds(2)

  init(messages: Int, ready: EventLoopPromise<Void>) {
    self.messages = messages
    self.ready = ready
  }

  func begin() { ping() }

  /// - Returns: the times from `PING` to `PONG`, in nanoseconds. A `PING` without an answer counts until now.
  func end() -> [Int64] {
    isOver = true
    if let sent { latencies.append((MonotonicTime.now() - sent).nanoseconds) }
    context?.close(promise: nil)
    return latencies
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
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in lines.read(bytes) { hear($0, context) } }
  }

  private func hear(_ line: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
    if line.starts(with: "ERR".utf8) {
      ready.fail(Failure("\(Self.name) was refused: '\(String(decoding: line, as: UTF8.self))'"))
    }
    guard line.elementsEqual("PONG".utf8) else { return }
    guard isReady else {
      isReady = true
      return ready.succeed()
    }
    guard let sent else { return }
    latencies.append((MonotonicTime.now() - sent).nanoseconds)
    self.sent = nil
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.interval) { self.ping() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    if !isReady { ready.fail(Failure("the server hung up on \(Self.name)")) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

@available(*, unavailable)
extension PingClient: Sendable {}
