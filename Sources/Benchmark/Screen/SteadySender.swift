import ChatProtocol
import CommandSupport
import NIOCore
import NIOPosix

/// One client that sends messages at a fixed rate, and ignores what it receives.
final class SteadySender: Sendable {
  private let channel: any Channel
  private let state: NIOLoopBound<Sending>

  /// Isolated to the event loop.
  private final class Sending {
    let start = MonotonicTime.now()
    var sent = 0
    var random = SplitMix64(seed: 1)
    var timer: RepeatedTask?
  }

  /// Lines are sent this often.
  private static let interval = TimeAmount.milliseconds(2)
  /// Bytes of a message's text, all of them digits: a key that is searched for in the output must not occur in it.
  private static let textBytes = 60

  /// Connects, logs in, and sends until `stop`.
  /// - Throws: `Failure`.
  init(name: String, port: Int, perSecond rate: Int) throws {
    do {
      channel = try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Discarding()) }
        }
        .connect(host: "127.0.0.1", port: port).wait()
      let channel = channel
      state = try channel.eventLoop.submit {
        let sending = Sending()
        let bound = NIOLoopBound(sending, eventLoop: channel.eventLoop)
        channel.writeAndFlush(ByteBuffer(string: "LOGIN \(name)\n"), promise: nil)
        sending.timer = channel.eventLoop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { _ in
          Self.send(over: channel, bound.value, perSecond: rate)
        }
        return bound
      }.wait()
    } catch {
      throw Failure("cannot connect to the server: \(error)")
    }
  }

  private static func send(over channel: any Channel, _ sending: Sending, perSecond rate: Int) {
    let due = Int((MonotonicTime.now() - sending.start).nanoseconds / 1000) * rate / 1_000_000
    guard due > sending.sent, channel.isWritable else { return }
    var lines = ByteBuffer()
    for _ in sending.sent..<due {
      lines.writeString("MSG ")
      // All messages differ, because the client does not send the terminal a row that it shows already.
      for _ in 0..<textBytes { lines.writeInteger(UInt8(ascii: "0") + UInt8(sending.random.next() % 10)) }
      lines.writeString("\n")
    }
    sending.sent = due
    channel.writeAndFlush(lines, promise: nil)
  }

  /// The number of messages sent so far.
  var sent: Int { (try? channel.eventLoop.submit { [state] in state.value.sent }.wait()) ?? 0 }

  func stop() {
    try? channel.eventLoop.submit { [state] in state.value.timer?.cancel() }.wait()
    try? channel.close().wait()
  }
}

private final class Discarding: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}

@available(*, unavailable)
extension Discarding: Sendable {}
