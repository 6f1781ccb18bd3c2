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
    do {
      return try readAll(from: descriptor, maximumBytes: Self.maximumBytes)
    } catch {
      switch error {
      case .tooLarge: throw Failure("it is too large")
      case .system(let number): throw Failure(number)
      }
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
    let isNew: Bool
    do {
      isNew = try AtomicFile(path).create(bytes)
    } catch {
      throw Failure(error.number)
    }
    return isNew ? bytes : try read()
  }
}
