import ChatModel
import CommandSupport
import NIOCore
import NIOPosix
import Platform

/// Finds the address at which a server accepts connections.
enum ServerAddress {
  /// Blocks. If the host has several addresses, connects to find one that accepts: a server may listen at some only.
  /// - Throws: `Failure`.
  static func find(_ place: HostPort) throws -> SocketAddress {
    try first(of: try all(of: place)) { address in
      let channel = try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address).wait()
      // Fails if the server has hung up already.
      try? channel.close().wait()
    }
  }

  /// - Parameter connect: throws if the address does not accept a connection; not called for a single address.
  /// - Throws: `Failure` with the reason of the first address.
  static func first(
    of addresses: [SocketAddress], connect: (SocketAddress) throws -> Void
  ) throws -> SocketAddress {
    if let only = addresses.first, addresses.count == 1 { return only }
    var failure: Failure?
    for address in addresses {
      do {
        try connect(address)
        return address
      } catch {
        failure = failure ?? Failure(connecting: error)
      }
    }
    throw failure ?? Failure("the server has no address")
  }

  /// - Returns: each address once, in the resolver's order.
  private static func all(of place: HostPort) throws -> [SocketAddress] {
    do {
      var found: [SocketAddress] = []
      for address in try HostLookup.addresses(of: place.host, port: place.port, isForListening: false) {
        let address =
          switch address {
          case .v4(let four): SocketAddress(four, host: place.host)
          case .v6(let six): SocketAddress(six, host: place.host)
          }
        if !found.contains(address) { found.append(address) }
      }
      guard !found.isEmpty else { throw HostLookup.noAddress }
      return found
    } catch {
      throw Failure("cannot find the host \(place.host): \(error)")
    }
  }
}
