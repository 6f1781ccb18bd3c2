import Logging
import NIOCore
import NIOPosix
import Platform

/// Opens listeners on all given addresses, on one port.
struct Binding {
  /// Makes a new bootstrap for each address, because options accumulate in a bootstrap.
  let bootstrap: () -> ServerBootstrap
  /// The command-line options that name the addresses.
  var option = Option.host
  let logger: Logger?
  /// Finds all addresses of a host, in the order in which listeners are opened.
  var resolve: @Sendable (_ host: String, _ port: Int) async throws -> [SocketAddress] = HostResolver.addresses

  struct Option {
    let host: String
    let port: String

    static let host = Option(host: "--host", port: "--port")
    static let metrics = Option("--metrics")

    init(host: String, port: String) {
      self.host = host
      self.port = port
    }

    /// One option for host and port.
    init(_ name: String) { self.init(host: name, port: name) }
  }

  /// The number of attempts to find a free port that is free on all addresses.
  private static let freePorts = 16

  /// - Returns: one listener per address, all on the same port. If one fails, the others are closed again.
  /// - Throws: `ListenError`.
  func listen(on addresses: [ListenAddress], port: Int) async throws -> [any Channel] {
    for _ in 1..<Self.freePorts where port == 0 {
      do {
        return try await listenOnce(on: addresses, port: port)
      } catch let error as ListenError where error.isInUse {
        // The free port of the first address is in use on another.
        continue
      }
    }
    return try await listenOnce(on: addresses, port: port)
  }

  private func listenOnce(on addresses: [ListenAddress], port: Int) async throws -> [any Channel] {
    var listeners: [any Channel] = []
    do {
      for address in addresses {
        // The first listener determines the free port for all others.
        let port = listeners.first?.localAddress?.port ?? port
        switch address {
        case .socket(let descriptor): listeners.append(try await take(descriptor))
        case .host(let host): try await listen(on: host, port: port, adding: &listeners)
        case .all:
          try await listen(on: "0.0.0.0", port: port, adding: &listeners)
          try await listenOnSix(port: listeners.first?.localAddress?.port ?? port, adding: &listeners)
        }
      }
    } catch {
      for listener in listeners { try? await listener.close() }
      throw error
    }
    return listeners
  }

  /// Listens on all IPv6 addresses; does nothing on a machine without IPv6.
  private func listenOnSix(port: Int, adding listeners: inout [any Channel]) async throws {
    do {
      try await listen(on: "::", port: port, adding: &listeners)
    } catch let error as ListenError where error.isInUse {
      throw error
    } catch {}
  }

  /// Listens on all addresses of a host. Addresses that this machine does not have are skipped, if it has at least one
  /// of the others: `localhost` resolves to `::1` even without IPv6.
  private func listen(on host: String, port: Int, adding listeners: inout [any Channel]) async throws {
    let addresses: [SocketAddress]
    do {
      addresses = try await resolve(host, port)
    } catch {
      throw listenError(error, host, port)
    }
    var port = port
    var left: [(address: SocketAddress, error: ListenError)] = []
    for var address in addresses {
      address.port = port
      // The same address may be given twice, as with `localhost` and `127.0.0.1`.
      if listeners.contains(where: { $0.localAddress == address }) { continue }
      do {
        let listener = try await bind(to: address)
        listeners.append(listener)
        if port == 0 { port = listener.localAddress?.port ?? port }
      } catch {
        let error = listenError(error, host, port)
        guard error.isElsewhere else { throw error }
        left.append((address, error))
      }
    }
    guard left.count < addresses.count else {
      if let first = left.first { throw first.error }
      return
    }
    for (address, error) in left {
      logger?.notice(
        "an address of the host is left out: this machine does not have it",
        metadata: ["server.address": "\(address.hostAndPort)", "listen.error": "\(error)"])
    }
  }

  private func listenError(_ error: any Error, _ host: String, _ port: Int) -> ListenError {
    ListenError(error, host: host, port: port, hostOption: option.host, portOption: option.port)
  }

  private func bind(to address: SocketAddress) async throws -> any Channel {
    var bootstrap = bootstrap()
    if address.protocol == .inet6 {
      // IPv4 uses a separate socket.
      bootstrap = bootstrap.serverChannelOption(
        ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
    }
    return try await bootstrap.bind(to: address).get()
  }

  /// Takes over a socket that another process opened.
  private func take(_ descriptor: Int32) async throws -> any Channel {
    do {
      return try await bootstrap().withBoundSocket(descriptor).get()
    } catch {
      throw ListenError(socket: descriptor, error)
    }
  }
}
