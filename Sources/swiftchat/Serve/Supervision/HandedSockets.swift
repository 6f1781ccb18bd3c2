import ChatServer
import CommandSupport
import Platform

/// Listening sockets that the parent process opened for the server, by the protocol of sd_listen_fds(3).
struct HandedSockets: Equatable {
  /// Descriptors of listening sockets, in order; empty if none were passed.
  var descriptors: [Int32] = []
  /// The port of the first socket.
  var port: Int?

  private static let first: Int32 = 3
  private static let most = 64

  /// Takes the sockets over, so that child processes neither inherit them nor mistake them for their own.
  /// - Throws: `Failure` if a descriptor is not a listening TCP socket.
  static func take() throws -> HandedSockets {
    let (process, count) = (environmentValue("LISTEN_PID"), environmentValue("LISTEN_FDS"))
    for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
    var sockets = HandedSockets()
    for descriptor in descriptors(process: process, count: count, own: getpid()) {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      guard let port = port(of: descriptor) else {
        throw Failure("cannot use the inherited socket \(descriptor): it is not a listening TCP socket")
      }
      sockets.descriptors.append(descriptor)
      if sockets.port == nil { sockets.port = port }
    }
    return sockets
  }

  /// - Parameters:
  ///   - process: id of the process that the sockets are for.
  ///   - count: number of sockets.
  static func descriptors(process: String?, count: String?, own: Int32) -> [Int32] {
    guard let process, let count, Int32(process) == own, let count = Int(count), (1...most).contains(count) else {
      return []
    }
    return (0..<Int32(count)).map { first + $0 }
  }

  /// Nil if the descriptor is not a listening TCP socket.
  private static func port(of descriptor: Int32) -> Int? {
    var listens: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0, listens != 0 else { return nil }
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &address) { storage in
      let found = storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length) == 0 ? Int32($0.pointee.sa_family) : nil
      }
      switch found {
      case AF_INET:
        return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          Int(UInt16(bigEndian: $0.pointee.sin_port))
        }
      case AF_INET6:
        return storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
          Int(UInt16(bigEndian: $0.pointee.sin6_port))
        }
      default: return nil
      }
    }
  }
}
