import Platform

/// Makes writing to a closed pipe an error of `write` instead of a fatal signal.
package func ignoreBrokenPipes() {
  signal(SIGPIPE, SIG_IGN)
}

/// Makes reaching the file size limit (`ulimit -f`) an error of `write`, like a full disk, instead of a fatal signal.
package func ignoreFileSizeSignal() {
  signal(SIGXFSZ, SIG_IGN)
}

/// Opens /dev/null in place of a closed standard input, output or error. Otherwise a file or socket opened later would
/// get its number, and whatever is written to that number. Call this first. Reading from it or writing to it fails as
/// before.
package func occupyStandardDescriptors() {
  for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
  where fcntl(descriptor, F_GETFD) < 0 {
    // The lowest free number is taken.
    _ = open("/dev/null", mode)
  }
}

package func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Writes as much as possible and ignores errors. For output that may be lost: a command's result goes through
/// `announce`.
package func write(_ text: String, to descriptor: Int32) {
  try? writeAll(text.utf8, to: descriptor, waits: false)
}
