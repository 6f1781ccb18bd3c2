import Platform

/// TCP ports of this host.
enum LocalPort {
  /// Whether the port is in use on any address, so that a server could not listen on all addresses.
  static func isInUse(_ port: Int) -> Bool {
    guard let number = in_port_t(exactly: port) else { return false }
    var four = sockaddr_in()
    four.sin_family = sa_family_t(AF_INET)
    four.sin_port = number.bigEndian
    var six = sockaddr_in6()
    six.sin6_family = sa_family_t(AF_INET6)
    six.sin6_port = number.bigEndian
    return isInUse(AF_INET, &four) || isInUse(AF_INET6, &six)
  }

  /// The message for a user who wanted to host on the port.
  static func inUseMessage(_ port: Int) -> String {
    let other = port < 65_535 ? port + 1 : port - 1
    return "another program uses port \(port) of this machine; on another port: swiftchat serve --port \(other)"
  }

  private static func isInUse<Address>(_ family: Int32, _ address: inout Address) -> Bool {
    let descriptor = socket(family, streamSocket, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var yes: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    // Connections of an earlier server in TIME_WAIT do not prevent listening, and IPv4 is checked separately.
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
    if family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, size) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) != 0 && errno == EADDRINUSE
      }
    }
  }
}
