import Platform

/// A Unix domain socket through which programs on the host reach the server. Only its owner can connect.
public struct ControlSocket: Sendable {
  /// The file name in the server's directory.
  public static let name = "control.sock"

  let path: String
  /// Bound, but not listening: no client can connect yet.
  let descriptor: Int32

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Replaces a socket file left by a server that has ended.
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
    // Until the socket listens, no client can connect under the initial file mode.
    guard isBound, chmod(path, 0o600) == 0 else {
      let reason = errno
      close(descriptor)
      throw Failure(description: "\(path): \(String(cString: strerror(reason)))")
    }
  }

  /// Whether a server answers on the socket in a directory.
  static func isAnswered(inDirectory directory: String) -> Bool {
    guard var address = address("\(directory)/\(name)"), let error = try? probe(&address) else { return false }
    return error == 0 || error == EAGAIN
  }

  /// Removes the file, so that clients find no server.
  func remove() { unlink(path) }

  private static func open() throws(Failure) -> Int32 {
    let descriptor = socket(AF_UNIX, streamSocket, 0)
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
    guard try probe(&address) == ECONNREFUSED else { throw Failure(description: "\(path) is another server's") }
    unlink(path)
  }

  /// Tries to connect.
  /// - Returns: 0, or the system's error number.
  private static func probe(_ address: inout sockaddr_un) throws(Failure) -> Int32 {
    let descriptor = try open()
    defer { close(descriptor) }
    // Connecting must not block on a server that is slow to accept.
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) == 0 ? 0 : errno }
    }
  }

  /// Nil if the path is longer than the system allows.
  private static func address(_ path: String) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let isSet = withUnsafeMutableBytes(of: &address.sun_path) { place in
      // Room for the terminating zero.
      guard bytes.count < place.count else { return false }
      place.copyBytes(from: bytes)
      return true
    }
    return isSet ? address : nil
  }
}

// Inside the struct the name refers to another function.
private func systemBind(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
  bind(descriptor, address, length)
}
