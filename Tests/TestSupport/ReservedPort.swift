import Platform

/// Reserves a loopback port without listening on it, as long as this object exists: connections are refused, the system
/// assigns the port to no other program, and a server can bind the port by number.
package final class ReservedPort: Sendable {
  package let number: Int
  private let descriptor: Int32

  /// - Parameter number: 0 for any free port.
  /// - Throws: the system's error number.
  package init(_ number: Int = 0) throws {
    let descriptor = socket(AF_INET, streamSocket, 0)
    var on: Int32 = 1
    // A server with the same option can share the port.
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = UInt16(clamping: number).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
      }
    }
    guard bound else {
      let reason = errno
      close(descriptor)
      throw PortError(number: reason)
    }
    self.descriptor = descriptor
    self.number = Int(UInt16(bigEndian: address.sin_port))
  }

  /// Reserves the port of another loopback address.
  /// - Parameter address: of IPv4 or IPv6.
  /// - Throws: the system's error number.
  package init(_ number: Int, at address: String) throws {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = streamSocket
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address, String(number), &hints, &list) == 0, let found = list?.pointee else {
      throw PortError(number: EADDRNOTAVAIL)
    }
    defer { freeaddrinfo(list) }
    let descriptor = socket(found.ai_family, found.ai_socktype, found.ai_protocol)
    guard descriptor >= 0 else { throw PortError(number: errno) }
    guard bind(descriptor, found.ai_addr, found.ai_addrlen) == 0 else {
      let reason = errno
      close(descriptor)
      throw PortError(number: reason)
    }
    self.descriptor = descriptor
    self.number = number
  }

  deinit { close(descriptor) }

  /// From now on the system accepts connections, and nothing answers them.
  package func beSilent() { listen(descriptor, 16) }

  package struct PortError: Error {
    package let number: Int32
    package var isInUse: Bool { number == EADDRINUSE }
  }
}
