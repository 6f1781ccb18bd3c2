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

/// A line on standard output, there at once for a program that reads it.
func announce(_ line: String) {
  write(line + "\n", to: STDOUT_FILENO)
}

/// Whoever reads us may be gone: that is an error of `write`, not a reason to end.
func ignoreBrokenPipes() {
  signal(SIGPIPE, SIG_IGN)
}

func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Writes all of it, unless nobody reads there any more.
func write(_ text: String, to descriptor: Int32) {
  var text = text
  text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while !rest.isEmpty {
      let written = write(descriptor, rest.baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }
}
