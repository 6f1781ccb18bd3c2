import CommandSupport
import Platform

/// A small text file that only its owner can read. Replaced atomically: readers see either the old or the new contents.
struct PrivateFile: Sendable {
  let path: String
  /// A larger file is refused: this program does not write one.
  let maximumBytes: Int

  private static let lockPatience = 200
  /// In microseconds.
  private static let lockPause: UInt32 = 10_000

  struct Contents {
    var text: String
    /// Whether the file was readable by others before this call, which removed those permissions.
    var wasOpen: Bool
  }

  // MARK: Reading

  /// - Returns: nil if the file does not exist.
  /// - Throws: `Failure` if the file cannot be read.
  func read() throws(Failure) -> Contents? {
    // Opening or reading anything but a regular file may block or never end.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      if errno == ELOOP { throw failure("is a symbolic link, which is not followed: put the file itself there") }
      throw failure("cannot be read: \(reason)")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw failure("is no file") }
    let text = try text(from: descriptor)
    let isOpen = status.st_mode & 0o077 != 0
    return Contents(text: text, wasOpen: isOpen && fchmod(descriptor, 0o600) == 0)
  }

  /// Reads a descriptor to its end.
  /// - Throws: `Failure` if the text cannot be read, is not UTF-8, or is longer than `maximumBytes`.
  func text(from descriptor: Int32) throws(Failure) -> String {
    let bytes: [UInt8]
    do {
      bytes = try readAll(from: descriptor, maximumBytes: maximumBytes)
    } catch {
      switch error {
      case .tooLarge: throw failure("is larger than \(maximumBytes) bytes")
      case .system(let number): throw failure("cannot be read: \(String(cString: strerror(number)))")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("is not UTF-8") }
    return text
  }

  // MARK: Writing

  /// - Returns: false if the file exists; it is then left unchanged.
  func create(_ text: String) throws(Failure) -> Bool {
    do {
      return try AtomicFile(path).create(Array(text.utf8))
    } catch {
      throw failure("cannot be created: \(error.reason)")
    }
  }

  func replace(_ text: String) throws(Failure) {
    do {
      try AtomicFile(path).replace(Array(text.utf8))
    } catch {
      throw failure("cannot be written: \(error.reason)")
    }
  }

  // MARK: Locking

  /// Runs the body while holding the file's lock, which excludes other processes.
  /// - Throws: `Failure`, also if another process holds the lock for two seconds.
  func whileLocked<Outcome>(_ body: () throws(Failure) -> Outcome) throws(Failure) -> Outcome {
    for _ in 0..<Self.lockPatience {
      if let lock = try acquire() {
        defer { withExtendedLifetime(lock) {} }
        return try body()
      }
      usleep(Self.lockPause)
    }
    throw failure("is held by another program")
  }

  /// - Returns: nil if another process holds the lock.
  private func acquire() throws(Failure) -> FileLock? {
    do throws(FileLock.Problem) {
      return try FileLock(path + ".lock")
    } catch {
      if case .unusable(let reason) = error { throw Failure("\(path).lock \(reason)") }
      return nil
    }
  }

  private func failure(_ what: String) -> Failure { Failure("\(path) \(what)") }

  /// The system's description of `errno`.
  private var reason: String { String(cString: strerror(errno)) }
}
