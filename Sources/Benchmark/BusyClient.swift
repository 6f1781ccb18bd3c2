import ChatProtocol
import NIOCore

/// One of the busy clients of `bench ping`.
final class BusyClient: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let index: Int
  private let crowd: BusyCrowd
  private let isTagged: Bool
  private var context: ChannelHandlerContext?
  private var lines = LineBeginnings()
  private var isLoggedIn = false
  /// Lines of the answer so far; nil while none is awaited.
  private var answer: Int?

  init(index: Int, crowd: BusyCrowd, isTagged: Bool) {
    self.index = index
    self.crowd = crowd
    self.isTagged = isTagged
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    let capabilities = crowd.load == .history ? "tags history" : "tags"
    write((isTagged ? "CAP REQ \(capabilities)\n" : "") + "LOGIN \(BenchMessage.name(of: index))\n")
  }

  private func write(_ text: String) { context?.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil) }

  func close() { context?.close(promise: nil) }

  /// The answer to `PING` shows that the answer to the request is complete.
  func ask() {
    answer = 0
    switch crowd.load {
    case .who: write("WHO\nPING\n")
    case .history: write("HISTORY #lobby LATEST * \(BusyCrowd.page)\nPING\n")
    case .messages: write(String(repeating: "MSG and so on, and so forth\n", count: 100) + "PING\n")
    case .leave: break
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !crowd.isOver else { return }
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in lines.read(bytes, hear) }
  }

  private func hear(_ line: ArraySlice<UInt8>) {
    guard isLoggedIn else {
      if line.starts(with: "OK".utf8) {
        isLoggedIn = true
        crowd.noteLogin()
      } else if line.starts(with: "ERR".utf8) {
        crowd.fail("\(BenchMessage.name(of: index)) cannot log in: '\(String(decoding: line, as: UTF8.self))'")
      }
      return
    }
    guard let lines = answer else { return }
    guard line.elementsEqual("PONG".utf8) else {
      // Answers to `HISTORY` may come after those to later requests.
      answer = lines + 1
      if crowd.load == .history, lines + 1 == BusyCrowd.page + 2 { finish() }
      return
    }
    switch crowd.load {
    case .history: break
    case .who:
      let expected = crowd.size + 1 + (isTagged ? 2 : 0)
      guard lines == expected else { return crowd.fail("a list of \(expected) lines has \(lines)") }
      finish()
    case .messages, .leave: finish()
    }
  }

  private func finish() {
    crowd.served += 1
    ask()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    if !crowd.isOver { crowd.fail("the server hung up on \(BenchMessage.name(of: index))") }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

@available(*, unavailable)
extension BusyClient: Sendable {}
