import ChatModel
import ChatProtocol
import NIOCore
import NIOPosix
import NIOSSL

/// Opens a connection to one address, encrypted or plain, within a time limit.
enum Connector {
  struct OpenChannel: Sendable {
    var channel: any Channel
    /// Nil for an unencrypted connection.
    var pin: Pin?
  }

  private static let connectTimeout = TimeAmount.seconds(10)

  /// - Parameters:
  ///   - host: the host of the address, for the server name of the handshake and for messages.
  ///   - onReached: called on the loop when the address has accepted the connection and a handshake follows.
  /// - Returns: the channel. A plain channel does not read by itself yet. The future is fulfilled on the loop, in the
  ///   same turn in which the handshake completes and before anything is decrypted, so that a reader added then misses
  ///   nothing.
  static func connect(
    to address: SocketAddress, of host: HostPort, _ security: ClientSession.Security, on loop: any EventLoop,
    onReached: @escaping @Sendable (any Channel) -> Void
  ) -> EventLoopFuture<OpenChannel> {
    let channel = ClientBootstrap(group: loop)
      .connectTimeout(connectTimeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      // No reading before the reader has been added.
      .channelOption(.autoRead, value: false)
      .connect(to: address)
    switch security {
    case .plain: return channel.map { OpenChannel(channel: $0, pin: nil) }
    case .encrypted(let expected):
      return channel.flatMap { channel in
        onReached(channel)
        return encrypt(channel, to: host, expecting: expected).map { OpenChannel(channel: channel, pin: $0) }
      }
    }
  }

  private static func encrypt(
    _ channel: any Channel, to host: HostPort, expecting expected: Pin?
  ) -> EventLoopFuture<Pin> {
    let attempt = TLSConnectAttempt(of: channel, to: host, expecting: expected)
    do {
      let context = try context.get()
      try channel.pipeline.syncOperations.addHandler(TLSProbe(attempt))
      try channel.pipeline.syncOperations.addHandler(handler(context, host, attempt))
      try channel.pipeline.syncOperations.addHandler(HandshakeObserver(attempt))
      if !channel.isActive { attempt.handshakeFailed() }
      channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
    } catch {
      // A pipeline that is being torn down accepts no handlers.
      if channel.isActive { attempt.fail(ConnectionFailure(error, at: HostRecord(host: host, address: nil))) }
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
    _ context: NIOSSLContext, _ host: HostPort, _ attempt: TLSConnectAttempt
  ) throws -> NIOSSLClientHandler {
    let verify: NIOSSLCustomVerificationCallback = { certificates, promise in
      promise.succeed(attempt.accepts(certificates.first) ? .certificateVerified : .failed)
    }
    // An IP address or a non-ASCII name is not a valid server name (RFC 6066, 3).
    if host.host.utf8.allSatisfy({ $0 < 0x80 }), !host.host.contains(":"),
      let handler = try? NIOSSLClientHandler(
        context: context, serverHostname: host.host, customVerificationCallback: verify)
    {
      return handler
    }
    return try NIOSSLClientHandler(context: context, serverHostname: nil, customVerificationCallback: verify)
  }
}
