import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS

/// An in-memory handshake with a client: BoringSSL accepts keys and certificates with which swiftchat's client cannot
/// complete one.
enum HandshakeTrial {
  /// More rounds than a handshake needs.
  private static let rounds = 16
  private static let patience = TimeAmount.seconds(60)

  static let advice = "take an ECDSA key on the curve P-256 or P-384, or an RSA key of at least 2048 bits"

  /// - Parameter context: the context of a server.
  /// - Returns: the problem with its key or certificate, as a clause for an error message; nil if the handshake
  ///   succeeds.
  static func problem(with context: NIOSSLContext) -> String? {
    do {
      return try isAgreed(context) ? nil : reason(nil)
    } catch {
      return reason(error)
    }
  }

  private static func isAgreed(_ context: NIOSSLContext) throws -> Bool {
    let server = EmbeddedChannel()
    let client = EmbeddedChannel()
    let end = HandshakeTrialEnd()
    defer {
      for channel in [server, client] {
        channel.close(promise: nil)
        // The two channels are no longer connected: advancing the time triggers the handler's shutdown timeout.
        channel.embeddedEventLoop.advanceTime(by: patience)
      }
    }
    try server.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
    // Any certificate is accepted: the trial checks only that the key's possession can be proven.
    let handler = try NIOSSLClientHandler(
      context: try clientContext(), serverHostname: nil,
      customVerificationCallback: { _, promise in promise.succeed(.certificateVerified) })
    try client.pipeline.syncOperations.addHandlers([handler, end])
    let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
    server.connect(to: address, promise: nil)
    client.connect(to: address, promise: nil)
    for _ in 0..<rounds {
      while let bytes = try client.readOutbound(as: ByteBuffer.self) { try server.writeInbound(bytes) }
      while let bytes = try server.readOutbound(as: ByteBuffer.self) { try client.writeInbound(bytes) }
      server.embeddedEventLoop.run()
      client.embeddedEventLoop.run()
      if end.isAgreed { return true }
    }
    return false
  }

  /// The TLS settings of swiftchat's client.
  private static func clientContext() throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates([])
    return try NIOSSLContext(configuration: configuration)
  }

  private static func reason(_ error: (any Error)?) -> String {
    let text = error.map { "\($0)" } ?? ""
    if text.contains("KEY_USAGE") {
      return "the certificate's key usage has no digital signatures, and without them no client can speak with it"
    }
    return "no swiftchat client can use a key or certificate of this type; \(advice)"
  }
}

private final class HandshakeTrialEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private(set) var isAgreed = false

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.handshakeCompleted) = event as? TLSUserEvent { isAgreed = true }
    context.fireUserInboundEventTriggered(event)
  }
}
