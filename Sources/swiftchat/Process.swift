import ArgumentParser

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Something went wrong that the person at the command line can do something about: one line, and exit code 1.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Whoever reads us may be gone: that is an error of `write`, not a reason to end.
func ignoreBrokenPipes() {
  signal(SIGPIPE, SIG_IGN)
}

/// Files may have a limit (`ulimit -f`): reaching it is an error of `write`, as a full disk is, not a reason to end.
func ignoreFileSizeSignal() {
  signal(SIGXFSZ, SIG_IGN)
}

func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Writes what can be written, for what may be lost: a command's outcome goes through `announce`.
func write(_ text: String, to descriptor: Int32) {
  try? writeAll(text.utf8, to: descriptor, waits: false)
}
