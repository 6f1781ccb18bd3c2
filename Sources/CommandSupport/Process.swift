import ArgumentParser
import Platform

/// An error that the user at the command line can act on: printed as one line, with exit code 1.
package struct Failure: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// Makes writing to a closed pipe an error of `write` instead of a fatal signal.
package func ignoreBrokenPipes() {
  signal(SIGPIPE, SIG_IGN)
}

/// Makes reaching the file size limit (`ulimit -f`) an error of `write`, like a full disk, instead of a fatal signal.
package func ignoreFileSizeSignal() {
  signal(SIGXFSZ, SIG_IGN)
}

/// Occupies the numbers of standard input, output and error that are closed, so that no file or socket that is opened
/// later gets one of them and what is written to it. Call this first. Reading and writing them fails as before.
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
