import NIOCore
import NIOPosix
import Platform

/// Finds all addresses of a host.
enum HostResolver {
  /// The reason why no address was found.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    /// A later attempt may succeed: the name server does not answer.
    let isTemporary: Bool
  }

  /// - Parameter host: a name or a numeric address; IPv6 without brackets, with a zone where it needs one.
  /// - Returns: each address once, in the resolver's order; at least one.
  /// - Throws: `Failure`.
  static func addresses(of host: String, port: Int) async throws -> [SocketAddress] {
    try await NIOThreadPool.singleton.runIfActive { try resolve(host, port) }
  }

  /// Blocks.
  private static func resolve(_ host: String, _ port: Int) throws(Failure) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE
    #if os(Linux) && canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else {
      throw Failure(
        description: code == EAI_SYSTEM ? String(cString: strerror(errno)) : String(cString: gai_strerror(code)),
        isTemporary: code == EAI_AGAIN)
    }
    defer { freeaddrinfo(list) }
    var found: [SocketAddress] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ai_next
      guard let address = address(entry, host), !found.contains(address) else { continue }
      found.append(address)
    }
    guard !found.isEmpty else { throw Failure(description: "the host has no address", isTemporary: false) }
    return found
  }

  private static func address(_ entry: addrinfo, _ host: String) -> SocketAddress? {
    guard let pointer = UnsafeRawPointer(entry.ai_addr) else { return nil }
    return switch entry.ai_family {
    case AF_INET where entry.ai_addrlen >= MemoryLayout<sockaddr_in>.size:
      SocketAddress(pointer.loadUnaligned(as: sockaddr_in.self), host: host)
    case AF_INET6 where entry.ai_addrlen >= MemoryLayout<sockaddr_in6>.size:
      SocketAddress(pointer.loadUnaligned(as: sockaddr_in6.self), host: host)
    default: nil
    }
  }
}
