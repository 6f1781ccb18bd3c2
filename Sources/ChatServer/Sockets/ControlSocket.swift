#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where the host's own programs reach the server: a Unix domain socket that nobody but its owner may connect to.
public struct ControlSocket: Sendable {
  /// Its name in the server's directory.
  public static let name = "control.sock"

  let path: String
  /// Bound, and not listened on: nobody can connect.
  let descriptor: Int32

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Takes the place of one that a dead server left.
  /// - Throws: `Failure`.
  init(directory: String) throws(Failure) {
    path = "\(directory)/\(Self.name)"
    guard var address = Self.address(path) else {
      throw Failure(description: "its path is too long: \(path); name a directory with a shorter one")
    }
    do { try PrivateDirectory.make(directory) } catch { throw Failure(description: "\(directory): \(error)") }
    try Self.removeStale(path, &address)
    descriptor = try Self.open()
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { systemBind(descriptor, $0, length) == 0 }
    }
    // Until it is listened on, the mode of the moment lets nobody in.
    guard isBound, chmod(path, 0o600) == 0 else {
      let reason = errno
      close(descriptor)
      throw Failure(description: "\(path): \(String(cString: strerror(reason)))")
    }
  }

  /// Whether a server has the socket in a directory.
  static func isAnswered(inDirectory directory: String) -> Bool {
    guard var address = address("\(directory)/\(name)"), let probe = try? open() else { return false }
    defer { close(probe) }
    // A server that is behind with accepting would hold us up.
    _ = fcntl(probe, F_SETFL, O_NONBLOCK)
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(probe, $0, length) == 0 || errno == EAGAIN }
    }
  }

  /// Its name is gone, so that whoever looks for a server finds none.
  func remove() { unlink(path) }

  private static func open() throws(Failure) -> Int32 {
    #if canImport(Glibc)
      let stream = Int32(SOCK_STREAM.rawValue)
    #else
      let stream = SOCK_STREAM
    #endif
    let descriptor = socket(AF_UNIX, stream, 0)
    guard descriptor >= 0 else { throw Failure(description: String(cString: strerror(errno))) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  private static func removeStale(_ path: String, _ address: inout sockaddr_un) throws(Failure) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw Failure(description: "\(path) is something else; move it away")
    }
    let probe = try open()
    defer { close(probe) }
    // A server that is behind with accepting would hold us up.
    _ = fcntl(probe, F_SETFL, O_NONBLOCK)
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isDead = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(probe, $0, length) != 0 && errno == ECONNREFUSED
      }
    }
    guard isDead else { throw Failure(description: "\(path) is another server's") }
    unlink(path)
  }

  /// Nil where the path is longer than the system takes.
  private static func address(_ path: String) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let isSet = withUnsafeMutableBytes(of: &address.sun_path) { place in
      // With a zero at its end.
      guard bytes.count < place.count else { return false }
      place.copyBytes(from: bytes)
      return true
    }
    return isSet ? address : nil
  }
}

// Inside the struct the name means something else.
private func systemBind(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
  bind(descriptor, address, length)
}
