import ChatProtocol
import Crypto
import NIOCore
import NIOSSL
import NIOTLS

/// What becomes of an attempt at an encrypted connection. Belongs to its channel's event loop.
final class Opening {
  /// How long a server may be silent before it is one that does not speak TLS.
  private static let silence = TimeAmount.seconds(3)
  private static let patience = TimeAmount.seconds(10)

  private let channel: any Channel
  private let endpoint: Endpoint
  private let expected: Pin?
  private let promise: EventLoopPromise<Pin>
  private var seen: Pin?
  private var isOver = false
  private var timers: [Scheduled<Void>] = []
  private var heardTLS = false

  var result: EventLoopFuture<Pin> { promise.futureResult }

  init(of channel: any Channel, to endpoint: Endpoint, expecting expected: Pin?) {
    self.channel = channel
    self.endpoint = endpoint
    self.expected = expected
    promise = channel.eventLoop.makePromise()
    let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
    timers = [
      channel.eventLoop.scheduleTask(in: Self.silence) { if !bound.value.heardTLS { bound.value.isPlain(said: nil) } },
      channel.eventLoop.scheduleTask(in: Self.patience) {
        bound.value.fail(ConnectionFailure(.timedOut, reason: "timed out: \(endpoint) does not answer"))
      },
    ]
  }

  /// The first byte is one of TLS.
  func hasHeardTLS() { heardTLS = true }

  /// The server does not speak TLS.
  func isPlain(said: String?) {
    fail(ConnectionFailure(.plain(said: said), reason: "\(endpoint) does not speak TLS"))
  }

  /// Looks at the certificate, before anything of ours is sent under it.
  func accepts(_ certificate: NIOSSLCertificate?) -> Bool {
    guard !isOver, let pin = certificate.flatMap({ Pin(of: $0) }) else { return false }
    seen = pin
    guard let expected, expected != pin else { return true }
    fail(ConnectionFailure(.untrusted(pin), reason: "\(endpoint) is not the server that was met before"))
    return false
  }

  /// The server has proved that it has the certificate's key.
  func hasAgreed() {
    guard let seen else { return fail(.handshake(with: endpoint)) }
    guard end() else { return }
    promise.succeed(seen)
  }

  func handshakeFailed() { fail(.handshake(with: endpoint)) }

  func fail(_ failure: ConnectionFailure) {
    guard end() else { return }
    promise.fail(failure)
    channel.close(promise: nil)
  }

  private func end() -> Bool {
    guard !isOver else { return false }
    isOver = true
    for timer in timers { timer.cancel() }
    timers = []
    return true
  }
}

@available(*, unavailable)
extension Opening: Sendable {}

extension Pin {
  /// - Returns: nil where the certificate's key cannot be read.
  init?(of certificate: NIOSSLCertificate) {
    guard let key = try? certificate.extractPublicKey().toSPKIBytes() else { return nil }
    self.init(Array(SHA256.hash(data: key)))
  }
}

/// In front of TLS: tells a server that speaks it from one that says something in plain text.
final class FirstAnswer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// The types of TLS records: change_cipher_spec, alert, handshake, application_data (RFC 8446, 5.1).
  private static let records = UInt8(0x14)...0x17
  /// Of what is said in plain text no more is kept.
  private static let mostBytes = 512
  /// The rest of a line may be in another packet.
  private static let patience = TimeAmount.seconds(1)

  private enum State { case nothing, plain(ByteBuffer), encrypted, over }
  private let opening: Opening
  private var state = State.nothing

  init(_ opening: Opening) { self.opening = opening }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch state {
    case .encrypted: context.fireChannelRead(data)
    case .over: break
    case .nothing:
      let bytes = unwrapInboundIn(data)
      guard let first = bytes.readableBytesView.first else { return }
      if Self.records.contains(first) {
        state = .encrypted
        opening.hasHeardTLS()
        context.fireChannelRead(data)
      } else {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.patience) { bound.value.endOfLine() }
        hear(bytes, after: ByteBuffer())
      }
    case .plain(let earlier): hear(unwrapInboundIn(data), after: earlier)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    switch state {
    case .nothing: opening.isPlain(said: nil)
    case .plain: endOfLine()
    case .encrypted, .over: break
    }
    context.fireChannelInactive()
  }

  private func hear(_ bytes: ByteBuffer, after earlier: ByteBuffer) {
    var line = earlier
    line.writeBytes(bytes.readableBytesView.prefix(Self.mostBytes - line.readableBytes))
    state = .plain(line)
    let isWhole = line.readableBytesView.contains(UInt8(ascii: "\n"))
    if isWhole || line.readableBytes >= Self.mostBytes { endOfLine() }
  }

  private func endOfLine() {
    guard case .plain(let bytes) = state else { return }
    state = .over
    let line = bytes.readableBytesView.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    opening.isPlain(said: String(decoding: line, as: UTF8.self))
  }
}

@available(*, unavailable)
extension FirstAnswer: Sendable {}

/// Behind TLS: says when it is there, or failed.
final class HandshakeEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let opening: Opening
  private var isOver = false

  init(_ opening: Opening) { self.opening = opening }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted = event {
      isOver = true
      opening.hasAgreed()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isOver { context.fireErrorCaught(error) } else { opening.handshakeFailed() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    opening.handshakeFailed()
    context.fireChannelInactive()
  }
}

@available(*, unavailable)
extension HandshakeEnd: Sendable {}
