import NIOCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why the server cannot listen, in words for whoever started it: what happened, with what, and what to do.
public struct ListenError: Error, CustomStringConvertible {
  public let description: String
  /// Whether something listens there already.
  public let isInUse: Bool

  init(socket: Int32, _ error: any Error) {
    description = "cannot listen on socket \(socket), which was handed over: \(error)"
    isInUse = false
  }

  /// - Parameters:
  ///   - hostOption: what says where to listen.
  ///   - portOption: what says on which port.
  init(
    _ error: any Error, host: String, port: Int, hostOption: String = "--host", portOption: String = "--port"
  ) {
    let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    let code = (error as? IOError)?.errnoCode
    isInUse = code == EADDRINUSE
    switch code {
    case EADDRINUSE:
      description =
        "cannot listen on \(place): another program uses this port; stop it, or choose another with \(portOption)"
    case EACCES, EPERM:
      description =
        "cannot listen on \(place): no permission for this port; choose one from 1024 up with \(portOption)"
    case EADDRNOTAVAIL:
      description = "cannot listen on \(place): this machine has no such address; choose another with \(hostOption)"
    case EAFNOSUPPORT:
      description = "cannot listen on \(place): this machine does not support this kind of address; see \(hostOption)"
    default:
      description =
        error is SocketAddressError.UnknownHost
        ? "cannot listen on \(place): there is no host of this name; choose another with \(hostOption)"
        : "cannot listen on \(place): \(error)"
    }
  }
}
