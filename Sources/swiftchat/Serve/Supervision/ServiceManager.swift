import ChatProtocol
import Platform

/// The service manager, which receives status notifications by the protocol of sd_notify(3). Failures to notify are
/// ignored: the chat continues without.
struct ServiceManager: Sendable {
  /// Path of a socket; a name that begins with `@` is an abstract socket outside the file system (unix(7)).
  private let path: String

  enum ServiceState: Sendable {
    case ready
    /// Settings are being reloaded; `ready` follows.
    case reloading(at: MonotonicTime)
    case stopping
    /// The server works.
    case alive

    fileprivate var text: String {
      switch self {
      case .ready: "READY=1"
      case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time.nanoseconds / 1000)"
      case .stopping: "STOPPING=1"
      case .alive: "WATCHDOG=1"
      }
    }
  }

  /// - Parameter path: `$NOTIFY_SOCKET`.
  init?(socket path: String?) {
    guard let path, path.hasPrefix("/") || path.hasPrefix("@"), path.utf8.count > 1,
      path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
    else { return nil }
    self.path = path
  }

  /// Blocks for a second at most.
  func tell(_ news: ServiceState) {
    #if canImport(Glibc)
      let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    #else
      let kind = SOCK_DGRAM
    #endif
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let (address, length) = address
    let text = Array(news.text.utf8)
    _ = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, text, text.count, Self.flags, $0, length)
      }
    }
  }

  private var address: (sockaddr_un, socklen_t) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    // The length of the address delimits the name of an abstract socket, which may contain zero bytes.
    let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 0
    return (address, socklen_t(start + bytes.count))
  }

  #if canImport(Darwin)
    private static let flags: Int32 = 0
  #else
    private static let flags = Int32(MSG_NOSIGNAL)
  #endif
}
