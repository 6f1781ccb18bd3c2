import ChatProtocol
import Platform

/// A text file that users edit and that need not be private: settings, the message of the day.
enum TextFile {
  /// The reason why the file cannot be read: the part of a sentence after the path.
  struct Problem: Error {
    let reason: String
    /// Whether the file does not exist.
    var isMissing = false
  }

  /// - Parameter waits: whether the file may be a pipe, such as a shell's `<(…)`, which is read to its end.
  /// - Throws: `Problem`, also if the file has more than `maximumBytes`.
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
    // Character devices are allowed for /dev/null.
    case S_IFREG, S_IFCHR: break
    case S_IFIFO where waits: _ = fcntl(descriptor, F_SETFL, 0)
    case S_IFDIR: throw Problem(reason: "it is a directory")
    default: throw Problem(reason: "it is not a regular file")
    }
    do {
      return try readAll(from: descriptor, maximumBytes: maximumBytes)
    } catch {
      switch error {
      case .tooLarge: throw Problem(reason: "it is larger than \(maximumBytes) bytes")
      case .system(let number): throw problem(number)
      }
    }
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
