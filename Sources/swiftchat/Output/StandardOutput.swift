#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A line on standard output, there at once for a program that reads it.
/// - Throws: `Failure` where it cannot be written: a command that prints nothing has failed.
func announce(_ line: String) throws(Failure) { try StandardOutput.write(line + "\n") }

/// What commands print on.
enum StandardOutput {
  /// - Throws: where not all of it can be written.
  static func write(_ text: String) throws(Failure) {
    do {
      try writeAll(text.utf8, to: STDOUT_FILENO)
    } catch {
      throw failure(error.reason)
    }
  }

  /// Looks whether anything can be written, without writing: before something is done whose outcome would be lost.
  /// - Throws: where it cannot.
  static func check() throws(Failure) {
    if let reason = problem(with: STDOUT_FILENO) { throw failure(reason) }
  }

  /// - Returns: nil where nothing speaks against writing to it.
  static func problem(with descriptor: Int32) -> String? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return String(cString: strerror(errno)) }
    var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // A pipe whose reader is gone.
    if poll(&watched, 1, 0) > 0, watched.revents & Int16(POLLERR) != 0 { return String(cString: strerror(EPIPE)) }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      var space = statvfs()
      guard fstatvfs(descriptor, &space) == 0, space.f_bavail == 0, geteuid() != 0 || space.f_bfree == 0 else {
        break
      }
      return String(cString: strerror(ENOSPC))
    case S_IFCHR:
      // No byte: a terminal shows nothing, and a device that takes nothing says so.
      if systemWrite(descriptor, "", 0) < 0, errno != EAGAIN { return String(cString: strerror(errno)) }
    default: break
    }
    // A descriptor that was opened for reading alone.
    let flags = fcntl(descriptor, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE == O_RDONLY ? String(cString: strerror(EBADF)) : nil
  }

  private static func failure(_ reason: String) -> Failure {
    Failure("cannot write to standard output: \(reason)")
  }
}

// Within the type the name is its own.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

/// A line on standard error, as the command line's own failures are. Where even that cannot be written, the exit code
/// is all that is left.
func complain(_ line: String) { note("Error: \(line)") }

/// A line on standard error.
func note(_ line: String) { try? writeAll((line + "\n").utf8, to: STDERR_FILENO) }
