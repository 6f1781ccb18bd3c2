import ChatProtocol
import CommandSupport
import NIOCore

/// One of the busy clients of `bench ping`.
final class BusyClient: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let index: Int
  private let crowd: BusyCrowd
  private let isTagged: Bool
  private var context: ChannelHandlerContext?
  private var lines = LineBeginnings(longest: 200)
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
    write((isTagged ? "CAP REQ \(capabilities)\n" : "") + "LOGIN \(name)\n")
  }

  private func write(_ text: String) { context?.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil) }

  private var name: String { BenchMessage.name(of: index) }

  func close() { context?.close(promise: nil) }

  /// Keeps the connection of a client that asks for nothing.
  func ping() { write("PING\n") }

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
    // `hear` looks at the first bytes only. Only the answers to the login must be read behind their tags.
    if isLoggedIn { lines.longest = 64 }
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in lines.read(bytes, hear) }
  }

  private func hear(_ line: ArraySlice<UInt8>) {
    guard isLoggedIn else { return hearLogin(line.withoutTags) }
    guard let lines = answer else { return }
    // The first byte alone rules these out in most lines.
    switch line.first {
    case UInt8(ascii: "E") where line.starts(with: "ERR".utf8):
      return fail("was refused: \(DisplayText.quoted(line))")
    // Lines that follow the login may arrive after the first request was sent.
    case UInt8(ascii: "M") where line.starts(with: "MOTD".utf8): return
    case UInt8(ascii: "S") where line.starts(with: "SYNC ".utf8): return
    default: break
    }
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
      guard lines == expected else { return crowd.fail(Failure("a list of \(expected) lines has \(lines)")) }
      finish()
    case .messages, .leave: finish()
    }
  }

  private func hearLogin(_ line: ArraySlice<UInt8>) {
    if line.starts(with: "OK".utf8) {
      isLoggedIn = true
      crowd.noteLogin()
    } else if line.starts(with: "ERR".utf8) {
      fail("cannot log in: \(DisplayText.quoted(line))")
    }
  }

  private func fail(_ complaint: String) { crowd.fail(Failure("\(name) \(complaint)")) }

  private func finish() {
    crowd.served += 1
    ask()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    crowd.fail(Failure("the server hung up on \(name)"))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    crowd.fail(Failure(of: name, error))
    context.close(promise: nil)
  }
}

@available(*, unavailable)
extension BusyClient: Sendable {}
