import ChatDialects
import ChatProtocol
import Logging
import NIOCore
import NIOPosix

/// Opens the listeners for clients.
struct Listening {
  let driver: NIOLoopBound<HubDriver>
  let limits: SendQueueLimits
  let group: MultiThreadedEventLoopGroup
  let logger: Logger

  /// Connections that the kernel holds until they are accepted: a whole class or team reconnects at once.
  private static let backlog: Int32 = 4096
  /// SwiftNIO keeps one buffer for each connection, which grows with the largest burst and never shrinks: it begins with
  /// the size of a few lines, and has a limit.
  private static let receiveBuffers = AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 512, maximum: 16 * 1024)

  /// Listens for clients of the server's own dialect.
  /// - Returns: one listener per address, all on the same port. If one fails, the others are closed again.
  /// - Throws: `ListenError`.
  func listen(on addresses: [ListenAddress], port: Int) async throws -> [any Channel] {
    try await Binding(bootstrap: { bootstrap { SwiftchatDialect() } }, logger: logger).listen(on: addresses, port: port)
  }

  /// Listens for clients of another dialect. Returns and throws the same.
  func listen(_ other: DialectListener) async throws -> [any Channel] {
    let binding = Binding(
      bootstrap: { bootstrap(other.makeDialect) }, option: Binding.Option(other.option), logger: logger)
    return try await binding.listen(on: other.addresses, port: other.port)
  }

  /// Opens the control socket. If that fails, the failure is logged and the server runs without.
  func listen(
    inDirectory directory: String?
  ) async -> (socket: ControlSocket, listener: any Channel)? {
    guard let directory else { return nil }
    do {
      let socket = try ControlSocket(directory: directory)
      return (socket, try await listen(on: socket))
    } catch {
      logger.warning("the host's own programs cannot reach the server", metadata: ["control.error": "\(error)"])
      return nil
    }
  }

  private func listen(on control: ControlSocket) async throws -> any Channel {
    try await bootstrap({ SwiftchatDialect() }, isControl: true).withBoundSocket(control.descriptor).get()
  }

  /// For clients over TCP.
  private func bootstrap(_ makeDialect: @escaping DialectListener.MakeDialect) -> ServerBootstrap {
    bootstrap(makeDialect, isControl: false)
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      // A TCP option, not a socket option: at the socket level this number is SO_DEBUG, which only root may set.
      .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
  }

  /// For TCP and Unix domain sockets.
  private func bootstrap(
    _ makeDialect: @escaping DialectListener.MakeDialect, isControl: Bool
  ) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelInitializer { [logger] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptPause(reports: AcceptReports(logger: logger)))
        }
      }
      .serverChannelOption(ChannelOptions.backlog, value: Self.backlog)
      // Many clients connect at once after a restart.
      .serverChannelOption(ChannelOptions.maxMessagesPerRead, value: 64)
      // A client may close its sending direction and still read the answers.
      .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
      .childChannelOption(ChannelOptions.recvAllocator, value: Self.receiveBuffers)
      .childChannelOption(
        ChannelOptions.writeBufferWaterMark,
        value: ChannelOptions.Types.WriteBufferWaterMark(low: limits.hard / 2, high: limits.hard)
      )
      .childChannelInitializer { [driver, limits] channel in
        channel.eventLoop.makeCompletedFuture {
          let driver = driver.value
          let connection = Connection(
            id: driver.nextID(), driver: driver, dialect: makeDialect(), limits: limits, isControl: isControl)
          let pipeline = channel.pipeline.syncOperations
          if !isControl {
            if driver.peerTrust.isProxy(channel.remoteAddress.flatMap { IPAddress($0) }) {
              try pipeline.addHandler(ProxyEntrance(before: connection))
            }
            try pipeline.addHandler(TLSDetector(before: connection))
          }
          try pipeline.addHandler(connection)
        }
      }
  }
}
