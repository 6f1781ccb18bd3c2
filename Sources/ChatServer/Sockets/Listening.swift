import Logging
import NIOCore
import NIOPosix

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Opens the sockets on which clients arrive.
struct Listening {
  let driver: NIOLoopBound<HubDriver>
  let limits: SendQueueLimits
  let group: MultiThreadedEventLoopGroup
  let logger: Logger

  /// Connections that the kernel holds until they are accepted: a whole class or team reconnects at once.
  private static let backlog: Int32 = 4096

  /// How many free ports are tried until one is free on all addresses.
  private static let freePorts = 16

  /// - Returns: a listener an address, all on the same port. What was opened is closed again when one fails.
  /// - Throws: `ListenError`.
  func listen(on addresses: [ListenAddress], port: Int) async throws -> [any Channel] {
    for _ in 1..<Self.freePorts where port == 0 {
      do {
        return try await listenOnce(on: addresses, port: port)
      } catch let error as ListenError where error.isInUse {
        // The port that was free on the first address is not on another.
        continue
      }
    }
    return try await listenOnce(on: addresses, port: port)
  }

  private func listenOnce(on addresses: [ListenAddress], port: Int) async throws -> [any Channel] {
    var listeners: [any Channel] = []
    do {
      for address in addresses {
        // The first takes the free port that all others get, too.
        let port = listeners.first?.localAddress?.port ?? port
        switch address {
        case .socket(let descriptor): listeners.append(try await take(descriptor))
        case .host(let host): listeners.append(try await listen(on: host, port: port))
        case .all:
          let listener = try await listen(on: "0.0.0.0", port: port)
          listeners.append(listener)
          if let six = try await listenOnSix(port: listener.localAddress?.port ?? port) { listeners.append(six) }
        }
      }
    } catch {
      for listener in listeners { try? await listener.close() }
      throw error
    }
    return listeners
  }

  /// All IPv6 addresses; nil on a machine that has none.
  private func listenOnSix(port: Int) async throws -> (any Channel)? {
    do {
      return try await listen(on: "::", port: port)
    } catch let error as ListenError where error.isInUse {
      throw error
    } catch {
      return nil
    }
  }

  private func listen(on host: String, port: Int) async throws -> any Channel {
    do {
      let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
      var bootstrap = bootstrap
      if address.protocol == .inet6 {
        // IPv4 has a socket of its own.
        bootstrap = bootstrap.serverChannelOption(
          ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
      }
      return try await bootstrap.bind(to: address).get()
    } catch {
      throw ListenError(error, host: host, port: port)
    }
  }

  /// A socket that somebody else opened.
  private func take(_ descriptor: Int32) async throws -> any Channel {
    do {
      return try await bootstrap.withBoundSocket(descriptor).get()
    } catch {
      throw ListenError(socket: descriptor, error)
    }
  }

  /// The host's own way in. The server does without where there cannot be one, and says so.
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
    try await bootstrap(isControl: true).withBoundSocket(control.descriptor).get()
  }

  /// For clients.
  private var bootstrap: ServerBootstrap {
    bootstrap(isControl: false)
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      // A TCP option, not a socket option: at the socket level this number is SO_DEBUG, which only root may set.
      .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
  }

  /// For whatever is a stream.
  private func bootstrap(isControl: Bool) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelInitializer { [logger] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptPause(reports: AcceptReports(logger: logger)))
        }
      }
      .serverChannelOption(ChannelOptions.backlog, value: Self.backlog)
      // Many arrive at once after a restart.
      .serverChannelOption(ChannelOptions.maxMessagesPerRead, value: 64)
      // A client that has said everything may close its half and still read the answers.
      .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
      .childChannelOption(
        ChannelOptions.writeBufferWaterMark,
        value: ChannelOptions.Types.WriteBufferWaterMark(low: limits.hard / 2, high: limits.hard)
      )
      .childChannelInitializer { [driver, limits] channel in
        channel.eventLoop.makeCompletedFuture {
          let driver = driver.value
          let connection = Connection(id: driver.nextID(), driver: driver, limits: limits, isControl: isControl)
          let pipeline = channel.pipeline.syncOperations
          if !isControl { try pipeline.addHandler(Doorway(before: connection)) }
          try pipeline.addHandler(connection)
        }
      }
  }
}
