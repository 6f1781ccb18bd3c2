import Platform

/// Prints a line on standard output, unbuffered for programs that read it.
/// - Throws: `Failure` if the line cannot be written: a command whose output is lost has failed.
package func announce(_ line: String) throws(Failure) { try StandardOutput.write(line + "\n") }

/// Standard output of commands.
package enum StandardOutput {
  /// - Throws: `Failure` if not everything can be written.
  package static func write(_ text: String) throws(Failure) {
    do {
      try writeAll(text.utf8, to: STDOUT_FILENO)
    } catch {
      throw failure(error.reason)
    }
  }

  /// Checks, without writing, that standard output is writable. Call this before an action whose result would otherwise
  /// be lost.
  /// - Throws: `Failure` if it is not.
  package static func check() throws(Failure) {
    if let reason = problem(with: STDOUT_FILENO) { throw failure(reason) }
  }

  /// - Returns: nil if the descriptor seems writable.
  package static func problem(with descriptor: Int32) -> String? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return String(cString: strerror(errno)) }
    var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    // The reader of the pipe is gone.
    if poll(&watched, 1, 0) > 0, watched.revents & Int16(POLLERR) != 0 { return String(cString: strerror(EPIPE)) }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      var space = statvfs()
      // A file system in memory may report no sizes at all.
      guard fstatvfs(descriptor, &space) == 0, space.f_blocks > 0, space.f_bavail == 0,
        geteuid() != 0 || space.f_bfree == 0
      else { break }
      return String(cString: strerror(ENOSPC))
    case S_IFCHR:
      // Writes zero bytes: a terminal shows nothing, and a device that accepts nothing reports the error.
      if systemWrite(descriptor, "", 0) < 0, errno != EAGAIN { return String(cString: strerror(errno)) }
    default: break
    }
    // The descriptor may have been opened only for reading.
    let flags = fcntl(descriptor, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE == O_RDONLY ? String(cString: strerror(EBADF)) : nil
  }

  private static func failure(_ reason: String) -> Failure {
    Failure("cannot write to standard output: \(reason)")
  }
}

// Inside the type, `write` refers to its own method.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

/// Prints an error on standard error, in the form of ArgumentParser's errors. If this fails, only the exit code reports
/// the error.
package func complain(_ line: String) { note("Error: \(line)") }

/// Prints a line on standard error.
package func note(_ line: String) { try? writeAll((line + "\n").utf8, to: STDERR_FILENO) }
