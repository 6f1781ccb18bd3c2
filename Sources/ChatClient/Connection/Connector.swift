import ChatModel
import ChatProtocol
import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections, encrypted or plain, within a time limit.
enum Connector {
  struct Connected: Sendable {
    var channel: any Channel
    /// Nil for an unencrypted connection.
    var pin: Pin?
  }

  private static let connectTimeout = TimeAmount.seconds(10)

  /// Connects to a host. If the host has several addresses, tries the next one when one does not answer.
  /// - Parameter resolver: finds the addresses of a host; nil for the system's resolver.
  /// - Returns: the channel. A plain channel does not read by itself yet. The future is fulfilled on the loop, in the
  ///   same turn in which the handshake completes and before anything is decrypted, so that a reader added then misses
  ///   nothing.
  static func connect(
    to endpoint: Endpoint, _ security: ClientSession.Security, on loop: any EventLoop,
    resolver: (any Resolver & Sendable)? = nil
  ) -> EventLoopFuture<Connected> {
    let channel = ClientBootstrap(group: loop)
      .resolver(resolver)
      .connectTimeout(connectTimeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      // No reading before the reader has been added.
      .channelOption(.autoRead, value: false)
      .connect(host: endpoint.host, port: endpoint.port)
    switch security {
    case .plain: return channel.map { Connected(channel: $0, pin: nil) }
    case .encrypted(let expected):
      return channel.flatMap { channel in
        // Not in the channel initializer: several of the host's addresses may answer, and only this channel is used.
        encrypt(channel, to: endpoint, expecting: expected).map { Connected(channel: channel, pin: $0) }
      }
    }
  }

  private static func encrypt(
    _ channel: any Channel, to endpoint: Endpoint, expecting expected: Pin?
  ) -> EventLoopFuture<Pin> {
    let attempt = TLSConnectAttempt(of: channel, to: endpoint, expecting: expected)
    do {
      let context = try context.get()
      try channel.pipeline.syncOperations.addHandler(TLSProbe(attempt))
      try channel.pipeline.syncOperations.addHandler(handler(context, endpoint, attempt))
      try channel.pipeline.syncOperations.addHandler(HandshakeObserver(attempt))
      if !channel.isActive { attempt.handshakeFailed() }
      channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
    } catch {
      // A pipeline that is being torn down accepts no handlers.
      if channel.isActive { attempt.fail(ConnectionFailure(error, endpoint: endpoint)) }
      attempt.handshakeFailed()
    }
    return attempt.result
  }

  /// Certificates are not checked against any authority: the key is compared with the pin.
  private static let context = Result { () throws -> NIOSSLContext in
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    // With `.none` the certificate would not be checked at all.
    configuration.certificateVerification = .noHostnameVerification
    // The system's roots would be read from disk without need.
    configuration.trustRoots = .certificates([])
    configuration.shutdownTimeout = .seconds(1)
    return try NIOSSLContext(configuration: configuration)
  }

  private static func handler(
    _ context: NIOSSLContext, _ endpoint: Endpoint, _ attempt: TLSConnectAttempt
  ) throws -> NIOSSLClientHandler {
    let verify: NIOSSLCustomVerificationCallback = { certificates, promise in
      promise.succeed(attempt.accepts(certificates.first) ? .certificateVerified : .failed)
    }
    // An IP address or a non-ASCII name is not a valid server name (RFC 6066, 3).
    if endpoint.host.utf8.allSatisfy({ $0 < 0x80 }), !endpoint.host.contains(":"),
      let handler = try? NIOSSLClientHandler(
        context: context, serverHostname: endpoint.host, customVerificationCallback: verify)
    {
      return handler
    }
    return try NIOSSLClientHandler(context: context, serverHostname: nil, customVerificationCallback: verify)
  }
}
