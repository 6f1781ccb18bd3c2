import Platform

/// A small file that only its owner can read. All methods block.
struct CredentialFile {
  let path: String

  /// The reason why the file cannot be read or created.
  struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    init(_ number: Int32) {
      description =
        switch number {
        case EACCES, EPERM: "no permission"
        case ENOENT: "there is no such file"
        case ENOSPC, EDQUOT: "no space left on the disk"
        default: String(cString: strerror(number))
        }
    }
  }

  /// Keys and certificate chains have a few kilobytes.
  private static let maximumBytes = 1 << 20

  // MARK: Reading

  /// - Returns: nil if the file does not exist.
  func readIfThere() throws(Failure) -> [UInt8]? {
    // Opening a pipe without a writer would block the start.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Failure(errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure("it is no file") }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = piece.withUnsafeMutableBytes { systemRead(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(errno) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
      guard bytes.count <= Self.maximumBytes else { throw Failure("it is too large") }
    }
  }

  func read() throws(Failure) -> [UInt8] {
    guard let bytes = try readIfThere() else { throw Failure(ENOENT) }
    return bytes
  }

  /// Removes the permissions of other users: a copied file may have more than the server gives it. Does nothing if
  /// another user owns the file.
  func restrict() {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 else { return }
    chmod(path, status.st_mode & 0o700)
  }

  // MARK: Making

  /// Creates the file atomically and durably, unless it exists: a crash or power failure leaves either the whole file
  /// or none.
  /// - Returns: the file's content, which another process may have created first.
  func make(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    let draft = "\(path).\(UInt64.random(in: .min ... .max))"
    defer { unlink(draft) }
    try write(bytes, to: draft)
    // Unlike a rename, a link never replaces an existing file.
    if link(draft, path) != 0 {
      if errno == EEXIST { return try read() }
      // Some file systems do not support links.
      guard rename(draft, path) == 0 else { throw Failure(errno) }
    }
    synchronizeDirectory()
    return bytes
  }

  private func write(_ bytes: [UInt8], to draft: String) throws(Failure) {
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(errno) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(errno) }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw Failure(errno) }
  }

  private func synchronizeDirectory() {
    let directory = path.lastIndex(of: "/").map { path[...$0] } ?? "."
    let descriptor = open(String(directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

// Inside the struct these names refer to its methods.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, bytes.baseAddress, bytes.count)
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
