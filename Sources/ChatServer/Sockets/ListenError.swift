import NIOCore
import Platform

/// Why the server cannot listen, in words for the operator: the cause, the address, and what to do.
public struct ListenError: Error, CustomStringConvertible {
  public let description: String
  /// Whether the port is in use.
  public let isInUse: Bool
  /// Whether retrying cannot help: the settings are wrong.
  public let isConfiguration: Bool
  /// Whether this machine does not have the address.
  let isElsewhere: Bool

  init(socket: Int32, _ error: any Error) {
    description = "cannot listen on socket \(socket), which was handed over: \(error)"
    isInUse = false
    isConfiguration = false
    isElsewhere = false
  }

  /// - Parameters:
  ///   - hostOption: the command-line option for the host.
  ///   - portOption: the command-line option for the port.
  init(
    _ error: any Error, host: String, port: Int, hostOption: String = "--host", portOption: String = "--port"
  ) {
    let place = hostAndPort(host, port)
    let code = (error as? IOError)?.errnoCode
    let resolving = error as? HostLookup.Failure
    isInUse = code == EADDRINUSE
    isElsewhere = code == EADDRNOTAVAIL || code == EAFNOSUPPORT
    isConfiguration =
      switch code {
      case EADDRNOTAVAIL, EAFNOSUPPORT, EACCES, EPERM, EINVAL: true
      default: resolving.map { !$0.isTemporary } ?? false
      }
    let isLocal = host.lowercased().hasPrefix("fe80:")
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
    case EINVAL where isLocal && !host.contains("%"):
      description =
        "cannot listen on \(place): a link-local address needs its interface, as in \(host)%eth0; see \(hostOption)"
    default:
      guard let resolving else {
        description = "cannot listen on \(place): \(error)"
        return
      }
      description =
        resolving.isTemporary
        ? "cannot listen on \(place): the name cannot be looked up at the moment (\(resolving))"
        : host.contains("%")
          ? "cannot listen on \(place): this machine has no such interface; choose another with \(hostOption)"
          : "cannot listen on \(place): there is no host of this name; choose another with \(hostOption)"
    }
  }
}
