import ChatProtocol
import CommandSupport
import NIOCore

/// Logs in, leaves, and makes room for the next client. Isolated to one event loop.
final class LoginClient: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let number: Int
  private let crowd: LoginCrowd
  private var state = State.connecting

  private enum State {
    case connecting
    /// `LOGIN` was sent; the answer so far.
    case loggingIn(ByteBuffer)
    /// `QUIT` was sent.
    case leaving
  }

  /// More than the longest answer.
  private static let longestAnswer = 1024

  init(number: Int, crowd: LoginCrowd) {
    self.number = number
    self.crowd = crowd
  }

  /// The name of the client with this number.
  static func name(of number: Int) -> String { "b\(number)" }

  private var name: String { Self.name(of: number) }

  func channelActive(context: ChannelHandlerContext) {
    guard crowd.mayLogIn(number) else { return context.close(promise: nil) }
    state = .loggingIn(ByteBuffer())
    send("LOGIN \(name)\n", context)
  }

  private func send(_ line: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: line)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Notices about others follow the answer.
    guard case .loggingIn(var answer) = state else { return }
    var arrived = unwrapInboundIn(data)
    answer.writeBuffer(&arrived)
    guard answer.readableBytesView.contains(UInt8(ascii: "\n")) || answer.readableBytes > Self.longestAnswer else {
      state = .loggingIn(answer)
      return
    }
    guard answer.readableBytesView.starts(with: "OK\n".utf8) else {
      return crowd.fail("\(name) cannot log in: \(DisplayText.quoted(answer.readableBytesView))")
    }
    state = .leaving
    crowd.loggedIn(number)
    send("QUIT\n", context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    switch state {
    case .connecting: break
    case .loggingIn: crowd.fail("the server hung up on \(name) before the answer to LOGIN")
    case .leaving: crowd.left(number)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .loggingIn = state { crowd.fail(Failure(of: name, error)) }
    context.close(promise: nil)
  }
}

@available(*, unavailable)
extension LoginClient: Sendable {}
