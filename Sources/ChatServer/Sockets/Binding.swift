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

/// Opens listeners on all addresses that are named, on one port.
struct Binding {
  /// What is listened with, made anew for each address: options that are set stay with a bootstrap.
  let bootstrap: () -> ServerBootstrap
  /// What the operator names the addresses with.
  var option = Option.host
  let logger: Logger?
  /// Finds all addresses of a host, in the order in which they are opened.
  var resolve: @Sendable (_ host: String, _ port: Int) async throws -> [SocketAddress] = HostResolver.addresses

  enum Option {
    case host
    case metrics
  }

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

  /// All IPv6 addresses; nothing on a machine that has none.
  private func listenOnSix(port: Int, adding listeners: inout [any Channel]) async throws {
    do {
      try await listen(on: "::", port: port, adding: &listeners)
    } catch let error as ListenError where error.isInUse {
      throw error
    } catch {}
  }

  /// All addresses of a host. Of several addresses, those that this machine does not have are left out, as long as it
  /// has one of them: `localhost` is `::1`, too, where there is no IPv6.
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
      // Named twice, as `localhost` and `127.0.0.1` are.
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
    switch option {
    case .host: ListenError(error, host: host, port: port)
    case .metrics: ListenError(error, host: host, port: port, hostOption: "--metrics", portOption: "--metrics")
    }
  }

  private func bind(to address: SocketAddress) async throws -> any Channel {
    var bootstrap = bootstrap()
    if address.protocol == .inet6 {
      // IPv4 has a socket of its own.
      bootstrap = bootstrap.serverChannelOption(
        ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
    }
    return try await bootstrap.bind(to: address).get()
  }

  /// A socket that somebody else opened.
  private func take(_ descriptor: Int32) async throws -> any Channel {
    do {
      return try await bootstrap().withBoundSocket(descriptor).get()
    } catch {
      throw ListenError(socket: descriptor, error)
    }
  }
}
