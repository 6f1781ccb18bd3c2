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

  init(_ error: any Error, host: String, port: Int) {
    let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    let code = (error as? IOError)?.errnoCode
    isInUse = code == EADDRINUSE
    switch code {
    case EADDRINUSE:
      description =
        "cannot listen on \(place): another program uses this port; stop it, or choose another with --port"
    case EACCES, EPERM:
      description =
        "cannot listen on \(place): no permission for this port; choose one from 1024 up with --port"
    case EADDRNOTAVAIL:
      description = "cannot listen on \(place): this machine has no such address; choose another with --host"
    case EAFNOSUPPORT:
      description = "cannot listen on \(place): this machine does not support this kind of address; see --host"
    default:
      description =
        error is SocketAddressError.UnknownHost
        ? "cannot listen on \(place): there is no host of this name; choose another with --host"
        : "cannot listen on \(place): \(error)"
    }
  }
}
