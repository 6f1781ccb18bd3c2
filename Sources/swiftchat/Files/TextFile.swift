import ChatProtocol

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A text file that people edit, and that anybody may read: settings, the message of the day.
enum TextFile {
  /// Why it cannot be read: a part of a sentence behind the path.
  struct Problem: Error {
    let reason: String
    /// There is no such file.
    var isMissing = false
  }

  /// - Parameter waits: whether it may be a pipe, as a shell's `<(…)` is, whose end is waited for.
  /// - Throws: also where it has more bytes than that.
  static func read(_ path: String, maximumBytes: Int, waits: Bool = false) throws(Problem) -> EditedText {
    let bytes = try contents(of: path, maximumBytes: maximumBytes, waits: waits)
    do {
      return try EditedText(bytes)
    } catch {
      throw Problem(reason: "line \(error.line): \(error.reason)")
    }
  }

  private static func contents(of path: String, maximumBytes: Int, waits: Bool) throws(Problem) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw problem(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw problem(errno) }
    switch status.st_mode & S_IFMT {
    // A character device, because of /dev/null.
    case S_IFREG, S_IFCHR: break
    case S_IFIFO where waits: _ = fcntl(descriptor, F_SETFL, 0)
    case S_IFDIR: throw Problem(reason: "it is a directory")
    default: throw Problem(reason: "it is not a regular file")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while bytes.count <= maximumBytes {
      let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw problem(errno) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
    throw Problem(reason: "it is larger than \(maximumBytes) bytes")
  }

  private static func problem(_ number: Int32) -> Problem {
    switch number {
    case ENOENT: Problem(reason: "there is no such file", isMissing: true)
    case ENOTDIR: Problem(reason: "a part of the path is not a directory", isMissing: true)
    case EACCES, EPERM: Problem(reason: "no permission")
    default: Problem(reason: String(cString: strerror(number)))
    }
  }
}

// Within the type the name is its own.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, bytes.baseAddress, bytes.count)
}
