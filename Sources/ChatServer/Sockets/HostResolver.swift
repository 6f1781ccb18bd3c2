import NIOCore
import NIOPosix
import Platform

/// Finds all addresses of a host to listen at.
enum HostResolver {
  /// - Parameter host: a name or a numeric address; IPv6 without brackets, with a zone where it needs one.
  /// - Returns: each address once, in the resolver's order; at least one.
  /// - Throws: `HostLookup.Failure`.
  static func addresses(of host: String, port: Int) async throws -> [SocketAddress] {
    try await NIOThreadPool.singleton.runIfActive { try resolve(host, port) }
  }

  /// Blocks.
  private static func resolve(_ host: String, _ port: Int) throws -> [SocketAddress] {
    var found: [SocketAddress] = []
    for address in try HostLookup.addresses(of: host, port: port, isForListening: true) {
      let address =
        switch address {
        case .v4(let four): SocketAddress(four, host: host)
        case .v6(let six): SocketAddress(six, host: host)
        }
      if !found.contains(address) { found.append(address) }
    }
    guard !found.isEmpty else { throw HostLookup.noAddress }
    return found
  }
}
