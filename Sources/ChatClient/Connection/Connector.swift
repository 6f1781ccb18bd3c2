import ChatProtocol
import NIOCore
import NIOPosix
import NIOSSL

/// Makes connections, encrypted or not, in bounded time.
enum Connector {
  struct Connected: Sendable {
    var channel: any Channel
    /// Nil: it is not encrypted.
    var pin: Pin?
  }

  private static let connectTimeout = TimeAmount.seconds(10)

  /// Of a host that has several addresses, the next one is tried where one does not answer.
  /// - Parameter resolver: finds the addresses of a host; nil: the system's.
  /// - Returns: a channel that reads nothing by itself yet where it is plain. Fulfilled on the loop, in the very turn
  ///   in which encryption is agreed on and before anything is decrypted: a reader that is added then misses nothing.
  static func connect(
    to endpoint: Endpoint, _ security: ClientSession.Security, on loop: any EventLoop,
    resolver: (any Resolver & Sendable)? = nil
  ) -> EventLoopFuture<Connected> {
    let channel = ClientBootstrap(group: loop)
      .resolver(resolver)
      .connectTimeout(connectTimeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      // Nothing is read before the reader is there.
      .channelOption(.autoRead, value: false)
      .connect(host: endpoint.host, port: endpoint.port)
    switch security {
    case .plain: return channel.map { Connected(channel: $0, pin: nil) }
    case .encrypted(let expected):
      return channel.flatMap { channel in
        // Not in the initializer: of a host's several addresses more than one may answer, and only this one counts.
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
      // A pipeline that is torn down takes no handlers.
      if channel.isActive { attempt.fail(ConnectionFailure(error, endpoint: endpoint)) }
      attempt.handshakeFailed()
    }
    return attempt.result
  }

  /// Certificates are not compared with those of any authority: what counts is the key, and whether it is the known
  /// one.
  private static let context = Result { () throws -> NIOSSLContext in
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    // With `.none` the certificate would not be looked at.
    configuration.certificateVerification = .noHostnameVerification
    // The system's would be read from the disk, for nothing.
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
    // An address, and what DNS could not carry, is no server name (RFC 6066, 3).
    if endpoint.host.utf8.allSatisfy({ $0 < 0x80 }), !endpoint.host.contains(":"),
      let handler = try? NIOSSLClientHandler(
        context: context, serverHostname: endpoint.host, customVerificationCallback: verify)
    {
      return handler
    }
    return try NIOSSLClientHandler(context: context, serverHostname: nil, customVerificationCallback: verify)
  }
}
