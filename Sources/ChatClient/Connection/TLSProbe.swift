import NIOCore

/// Placed before the TLS handler: distinguishes a TLS server from one that sends plain text.
final class TLSProbe: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// The types of TLS records: change_cipher_spec, alert, handshake, application_data (RFC 8446, 5.1).
  private static let records = UInt8(0x14)...0x17
  /// Maximum size of the plain text that is kept.
  private static let mostBytes = 512
  /// Time to wait for the rest of a line, which may be in another packet.
  private static let patience = TimeAmount.seconds(1)

  private enum State { case nothing, plain(ByteBuffer), encrypted, over }
  private let attempt: TLSConnectAttempt
  private var state = State.nothing

  init(_ attempt: TLSConnectAttempt) { self.attempt = attempt }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch state {
    case .encrypted: context.fireChannelRead(data)
    case .over: break
    case .nothing:
      let bytes = unwrapInboundIn(data)
      guard let first = bytes.readableBytesView.first else { return }
      if Self.records.contains(first) {
        state = .encrypted
        attempt.heardTLSRecord()
        context.fireChannelRead(data)
      } else {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.patience) { bound.value.endOfLine() }
        hear(bytes, after: ByteBuffer())
      }
    case .plain(let earlier): hear(unwrapInboundIn(data), after: earlier)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    ended()
    context.fireErrorCaught(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    ended()
    context.fireChannelInactive()
  }

  private func ended() {
    switch state {
    case .nothing: attempt.foundPlain(said: nil)
    case .plain: endOfLine()
    case .encrypted, .over: break
    }
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
    attempt.foundPlain(said: String(decoding: line, as: UTF8.self))
  }
}

@available(*, unavailable)
extension TLSProbe: Sendable {}
