import ChatProtocol
import CommandSupport
import NIOCore

/// One of the clients of `bench history`: writes messages, or reads pages and checks each message in them. Isolated to
/// one event loop.
final class HistoryClient: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let name: String
  /// Succeeds with the number of the last message in the lobby.
  private let loggedIn: EventLoopPromise<Int>
  private var context: ChannelHandlerContext?
  private var lines = LineBeginnings(longest: 200)
  private var request: Request?
  /// When the request was sent.
  private var asked = MonotonicTime(nanoseconds: 0)
  private var failure: Failure?
  /// Number of messages in the pages that it has read.
  private(set) var read = 0

  private enum Request {
    /// The messages were sent.
    case storage(EventLoopPromise<Void>)
    case page(Page, EventLoopPromise<Void>)

    var promise: EventLoopPromise<Void> {
      switch self {
      case .storage(let promise), .page(_, let promise): promise
      }
    }
  }

  private struct Page {
    var numbers: ClosedRange<Int>
    /// The number of the next message.
    var next: Int
    /// The number of the first message that was written.
    var written: Int
  }

  private static let text = "a message of an ordinary length, with the number "

  init(name: String, loggedIn: EventLoopPromise<Int>) {
    self.name = name
    self.loggedIn = loggedIn
  }

  // MARK: Requests

  /// Writes messages with these numbers in their texts.
  /// - Returns: succeeds when they are stored.
  func write(_ numbers: Range<Int>) -> EventLoopFuture<Void> {
    // The answer to `PING` comes after those to all messages before it.
    begin {
      .storage($0)
    } sending: {
      numbers.map { "MSG \(Self.text)\($0)\n" }.joined() + "PING\n"
    }
  }

  /// Reads one page.
  /// - Parameters:
  ///   - numbers: of the messages that the page must contain.
  ///   - range: the range and the limit of the request.
  ///   - written: the number of the first message that was written.
  func request(_ numbers: ClosedRange<Int>, _ range: String, written: Int) -> EventLoopFuture<Void> {
    begin {
      .page(Page(numbers: numbers, next: numbers.lowerBound, written: written), $0)
    } sending: {
      "HISTORY #lobby \(range)\n"
    }
  }

  private func begin(
    _ request: (EventLoopPromise<Void>) -> Request, sending lines: () -> String
  ) -> EventLoopFuture<Void> {
    let promise = loggedIn.futureResult.eventLoop.makePromise(of: Void.self)
    guard failure == nil, context != nil else {
      promise.fail(failure ?? Failure("the server hung up on \(name)"))
      return promise.futureResult
    }
    self.request = request(promise)
    asked = .now()
    send(lines())
    return promise.futureResult
  }

  /// Fails if a request that was sent then or earlier has no answer.
  func checkAnswered(since earliest: MonotonicTime) {
    if request != nil, asked <= earliest { fail("the server did not answer \(name)") }
  }

  func close() { context?.close(promise: nil) }

  private func send(_ text: String) { context?.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil) }

  // MARK: Answers

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    send("CAP REQ tags history\nLOGIN \(name)\n")
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in lines.read(bytes, hear) }
  }

  private func hear(_ line: ArraySlice<UInt8>) {
    if line.first == UInt8(ascii: "@") {
      if case .page(let page, let promise) = request, line.starts(with: "@batch=".utf8) { hear(line, page, promise) }
    } else if line.starts(with: "PONG".utf8) {
      if case .storage(let promise) = request { end(promise) }
    } else if line.starts(with: "BATCH -".utf8) {
      guard case .page(let page, let promise) = request else { return }
      guard page.next > page.numbers.upperBound else {
        return fail("a page ended before message \(page.next)")
      }
      end(promise)
    } else if line.starts(with: "SYNC #lobby ".utf8) {
      guard let head = line.number(endingAt: line.endIndex) else { return fail("this server has no history") }
      loggedIn.succeed(head)
    } else if line.starts(with: "ERR".utf8) {
      fail("the server answered \(name) with \(DisplayText.quoted(line))")
    } else if line.elementsEqual("OK".utf8)
      || line.starts(with: "CAP".utf8) && !line.elementsEqual("CAP ACK tags history".utf8)
    {
      // Without tags, there is no history either.
      fail("this server has no history")
    }
  }

  private func hear(_ line: ArraySlice<UInt8>, _ page: Page, _ promise: EventLoopPromise<Void>) {
    var page = page
    func received() -> String { DisplayText.sanitize(String(decoding: line, as: UTF8.self)) }
    guard line.sequence == page.next else {
      return fail("message \(page.next) is missing; this came in its place: '\(received())'")
    }
    guard line.number(endingAt: line.endIndex) == page.next - page.written else {
      return fail("message \(page.next) is not the one that was written: '\(received())'")
    }
    read += 1
    page.next += 1
    request = .page(page, promise)
  }

  private func end(_ promise: EventLoopPromise<Void>) {
    request = nil
    promise.succeed()
  }

  private func fail(_ complaint: String) { fail(Failure(complaint)) }

  private func fail(_ failure: Failure) {
    let failure = self.failure ?? failure
    self.failure = failure
    loggedIn.fail(failure)
    request?.promise.fail(failure)
    request = nil
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    fail("the server hung up on \(name)")
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(Failure(of: name, error))
    context.close(promise: nil)
  }
}

@available(*, unavailable)
extension HistoryClient: Sendable {}
