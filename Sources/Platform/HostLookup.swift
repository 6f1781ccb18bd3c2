#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Finds the addresses of a host by the system's resolver.
public enum HostLookup {
  public enum Address: Sendable {
    case v4(sockaddr_in)
    case v6(sockaddr_in6)
  }

  /// The reason why no address was found.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
    /// A later attempt may succeed: the name server does not answer.
    public let isTemporary: Bool
  }

  /// The name exists, without an IPv4 or IPv6 address.
  public static let noAddress = Failure(description: "the host has no address", isTemporary: false)

  /// Blocks, for many seconds if a name server does not answer.
  /// - Parameters:
  ///   - host: a name or a numeric address; IPv6 without brackets, with a zone where it needs one.
  ///   - isForListening: whether to listen at the addresses, rather than to connect to them.
  /// - Returns: the addresses in the resolver's order, possibly repeated.
  public static func addresses(of host: String, port: Int, isForListening: Bool) throws(Failure) -> [Address] {
    var hints = addrinfo()
    if isForListening { hints.ai_flags = AI_PASSIVE }
    hints.ai_socktype = streamSocket
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else {
      throw Failure(
        description: code == EAI_SYSTEM ? String(cString: strerror(errno)) : String(cString: gai_strerror(code)),
        isTemporary: code == EAI_AGAIN)
    }
    defer { freeaddrinfo(list) }
    var found: [Address] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ai_next
      if let address = address(entry) { found.append(address) }
    }
    return found
  }

  private static func address(_ entry: addrinfo) -> Address? {
    guard let pointer = UnsafeRawPointer(entry.ai_addr) else { return nil }
    return switch entry.ai_family {
    case AF_INET where entry.ai_addrlen >= MemoryLayout<sockaddr_in>.size:
      .v4(pointer.loadUnaligned(as: sockaddr_in.self))
    case AF_INET6 where entry.ai_addrlen >= MemoryLayout<sockaddr_in6>.size:
      .v6(pointer.loadUnaligned(as: sockaddr_in6.self))
    default: nil
    }
  }
}
