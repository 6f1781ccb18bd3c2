#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where standard error leads while the screen is up: whatever a library prints there would tear it.
struct StandardError {
  /// A copy of what it was, -1 if there was none.
  private let original: Int32

  /// - Parameter target: an open descriptor, which remains the caller's; nil drops what is written.
  init(redirectedTo target: Int32?) {
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    if let target {
      dup2(target, STDERR_FILENO)
    } else {
      let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
      guard nowhere >= 0 else { return }
      dup2(nowhere, STDERR_FILENO)
      close(nowhere)
    }
  }

  func restore() {
    guard original >= 0 else { return }
    dup2(original, STDERR_FILENO)
    close(original)
  }
}
