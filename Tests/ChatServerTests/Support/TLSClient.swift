import ChatProtocol
import ChatServer
import Crypto
import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS

/// A TLS client whose socket the test controls. Blocks, as `SocketClient` does.
final class TLSClient {
  let socket: SocketClient
  private let channel: EmbeddedChannel
  private let recorder = HandshakeRecorder()
  private var received: [UInt8] = []
  private let isSlow: Bool
  private var isMute = false

  /// Observes TLS events.
  private final class HandshakeRecorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    var pin: Pin?
    var isReady = false
    var hasHeardGoodBye = false

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      switch event {
      case TLSUserEvent.handshakeCompleted: isReady = true
      case TLSUserEvent.shutdownCompleted: hasHeardGoodBye = true
      default: break
      }
      context.fireUserInboundEventTriggered(event)
    }
  }

  /// Half-closes TLS, because the channel can only be closed completely.
  private final class HalfCloser: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
      if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
  }

  /// Connects and completes the handshake.
  /// - Parameters:
  ///   - newest: the newest TLS version that the client supports.
  ///   - isSlow: whether each byte is sent as one packet.
  init(
    port: Int, receiveBuffer: Int32? = nil, newest: TLSVersion? = nil, isSlow: Bool = false
  ) throws {
    socket = try SocketClient(port: port, receiveBuffer: receiveBuffer)
    self.isSlow = isSlow
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .noHostnameVerification
    configuration.maximumTLSVersion = newest
    let recorder = recorder
    let handler = try NIOSSLClientHandler(
      context: NIOSSLContext(configuration: configuration), serverHostname: nil,
      customVerificationCallback: { [recorder] chain, verdict in
        let key = try? chain.first?.extractPublicKey().toSPKIBytes()
        recorder.pin = key.flatMap { Pin(Array(SHA256.hash(data: $0))) }
        verdict.succeed(.certificateVerified)
      })
    channel = EmbeddedChannel(handlers: [HalfCloser(), handler, recorder])
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: port)).wait()
    try sendWritten()
    while !recorder.isReady {
      guard try take() else { throw SocketClient.Failure(description: "the server closed during the handshake") }
    }
  }

  /// Connected and logged in.
  static func join(_ server: ChatServer, _ name: String, receiveBuffer: Int32? = nil) throws -> TLSClient {
    let client = try TLSClient(port: server.port, receiveBuffer: receiveBuffer)
    try client.send("LOGIN \(name)")
    guard try client.line() == "OK" else { throw SocketClient.Failure(description: "\(name) cannot log in") }
    return client
  }

  /// The server's pin.
  var pin: Pin? { recorder.pin }
  /// Whether the server has closed TLS normally.
  var hasHeardGoodBye: Bool { recorder.hasHeardGoodBye }

  func send(_ lines: String...) throws {
    try channel.writeOutbound(ByteBuffer(string: lines.map { $0 + "\n" }.joined()))
    try sendWritten()
  }

  /// Half-closes TLS. The socket stays open.
  func halfClose() throws {
    channel.close(mode: .output, promise: nil)
    channel.embeddedEventLoop.run()
    try sendWritten()
  }

  /// Half-closes the socket without closing TLS.
  func halfCloseSocket() {
    isMute = true
    socket.halfClose()
  }

  /// The next line without its end; nil at the end of the stream.
  func line() throws -> String? {
    var searched = 0
    while true {
      if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeFirst(end + 1) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      searched = received.count
      guard try take() else { return nil }
    }
  }

  func lines(_ count: Int) throws -> [String?] { try (0..<count).map { _ in try line() } }

  /// - Returns: false at the end.
  private func take() throws -> Bool {
    guard channel.isActive else { return false }
    let bytes = try socket.readSome()
    guard !bytes.isEmpty else { return false }
    try channel.writeInbound(ByteBuffer(bytes: bytes))
    channel.embeddedEventLoop.run()
    try sendWritten()
    while let plain = try channel.readInbound(as: ByteBuffer.self) { received += plain.readableBytesView }
    return true
  }

  private func sendWritten() throws {
    while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
      let bytes = Array(bytes.readableBytesView)
      guard !isMute else { continue }
      if isSlow {
        for byte in bytes { try socket.send([byte]) }
      } else {
        try socket.send(bytes)
      }
    }
  }
}

@available(*, unavailable)
extension TLSClient: Sendable {}
