import Platform

/// Redirects standard error while the screen is shown, because library output would corrupt the screen.
struct StandardError {
  /// A copy of the original descriptor; -1 if there was none.
  private let original: Int32

  /// - Parameter target: an open descriptor, owned by the caller; nil discards the output.
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
