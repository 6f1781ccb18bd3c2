import ChatProtocol
import CommandSupport
import Platform

/// A pseudoterminal: accepts keys and returns the output of a program. The creator must close it.
struct Pseudoterminal {
  private let descriptor: Int32
  private let reader: DescriptorReader
  /// Path of the program's end.
  let path: String

  /// - Throws: `Failure`.
  init(rows: Int, columns: Int) throws {
    (descriptor, path) = try Self.open()
    reader = DescriptorReader(descriptor)
    // macOS keeps no size for a terminal that is not open.
    let end = systemOpen(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard end >= 0 else {
      close(descriptor)
      throw Self.failure()
    }
    defer { close(end) }
    var size = winsize()
    size.ws_row = UInt16(clamping: rows)
    size.ws_col = UInt16(clamping: columns)
    guard ioctl(end, UInt(TIOCSWINSZ), &size) == 0 else {
      close(descriptor)
      throw Self.failure()
    }
  }

  func hangUp() { close(descriptor) }

  func type(_ text: String) { write(text, to: descriptor) }

  /// Waits for output of the program; with a deadline in the past, returns only available output.
  func next(until deadline: MonotonicTime) -> DescriptorReader.DescriptorRead { reader.next(until: deadline) }

  private static func open() throws -> (Int32, path: String) {
    #if canImport(Darwin)
      let descriptor = posix_openpt(O_RDWR | O_NOCTTY)
      guard descriptor >= 0 else { throw failure() }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      guard grantpt(descriptor) == 0, unlockpt(descriptor) == 0, let name = ptsname(descriptor) else {
        close(descriptor)
        throw failure()
      }
      return (descriptor, String(cString: name))
    #else
      // Does the same as posix_openpt and related functions, which Glibc hides from Swift: see pts(4) and ioctl_tty(2).
      let descriptor = systemOpen("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure() }
      var (isLocked, number): (Int32, UInt32) = (0, 0)
      guard ioctl(descriptor, setPtyLock, &isLocked) == 0, ioctl(descriptor, getPtyNumber, &number) == 0 else {
        close(descriptor)
        throw failure()
      }
      return (descriptor, "/dev/pts/\(number)")
    #endif
  }

  #if !canImport(Darwin)
    /// TIOCSPTLCK and TIOCGPTN: macros that Swift cannot import.
    private static let setPtyLock: UInt = 0x4004_5431
    private static let getPtyNumber: UInt = 0x8004_5430
  #endif

  private static func failure() -> Failure {
    Failure("cannot open a pseudo-terminal: \(String(cString: strerror(errno)))")
  }
}

/// `open`, where another declaration shadows it.
private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
