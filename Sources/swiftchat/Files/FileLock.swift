import Platform

/// An exclusive lock on a file. The lock is held until the object is released or the process ends, even by a crash.
final class FileLock: Sendable {
  private let descriptor: Int32

  enum Problem: Error {
    /// Another process holds the lock.
    case held
    /// - Parameter reason: the system's description of the error.
    case unusable(reason: String)
  }

  /// - Parameter path: the file, which is created if necessary, and remains.
  init(_ path: String) throws(Problem) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .unusable(reason: "cannot be opened: \(String(cString: strerror(errno)))") }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      // The object is initialised: `deinit` closes the file.
      if errno == EWOULDBLOCK { throw .held }
      if errno != EINTR { throw .unusable(reason: "cannot be locked: \(String(cString: strerror(errno)))") }
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // A process being spawned inherits the descriptor and would keep the lock.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
