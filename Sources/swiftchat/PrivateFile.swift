#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A small text file that nobody else can read. It is always either the old one or the new one.
struct PrivateFile: Sendable {
  let path: String
  /// What is larger is not ours.
  let maximumBytes: Int

  private static let lockPatience = 200
  /// Microseconds.
  private static let lockPause: UInt32 = 10_000

  struct Contents {
    var text: String
    /// Until now others could read it.
    var wasOpen: Bool
  }

  // MARK: Reading

  /// - Returns: nil where there is none.
  /// - Throws: what is wrong with it.
  func read() throws(Failure) -> Contents? {
    // Anything but a file might never end, or never begin.
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

  /// All that comes from a descriptor, until its end.
  /// - Throws: what is wrong with it; also that there is more of it than a file may have.
  func text(from descriptor: Int32) throws(Failure) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while bytes.count <= maximumBytes {
      let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("cannot be read: \(reason)") }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    guard bytes.count <= maximumBytes else { throw failure("is larger than \(maximumBytes) bytes") }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("is not UTF-8") }
    return text
  }

  // MARK: Writing

  /// - Returns: false where there is one already, which stays.
  func create(_ text: String) throws(Failure) -> Bool {
    let temporary = try writeTemporary(text)
    defer { unlink(temporary) }
    guard link(temporary, path) != 0 else { return true }
    if errno == EEXIST { return false }
    throw failure("cannot be made: \(reason)")
  }

  func replace(_ text: String) throws(Failure) {
    let temporary = try writeTemporary(text)
    guard rename(temporary, path) != 0 else { return }
    let failure = failure("cannot be written: \(reason)")
    unlink(temporary)
    throw failure
  }

  private func writeTemporary(_ text: String) throws(Failure) -> String {
    let temporary = "\(path).\(getpid()).new"
    // What a process of the same number left behind.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure("cannot be written: \(reason)") }
    // Without fsync a power failure may leave a file without contents under the new name.
    let isWhole = fchmod(descriptor, 0o600) == 0 && write(Array(text.utf8), to: descriptor) && fsync(descriptor) == 0
    let failure = failure("cannot be written: \(reason)")
    close(descriptor)
    guard isWhole else {
      unlink(temporary)
      throw failure
    }
    return temporary
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  // MARK: One at a time

  /// No other process is in here with the same file.
  /// - Throws: also where another one stays in for two seconds.
  func whileLocked<Outcome>(_ body: () throws(Failure) -> Outcome) throws(Failure) -> Outcome {
    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard lock >= 0 else { throw failure("cannot be locked: \(reason)") }
    defer {
      // Also held by the descriptors of a process that is being started.
      flock(lock, LOCK_UN)
      close(lock)
    }
    var attempts = 0
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      attempts += 1
      guard attempts < Self.lockPatience else { throw failure("is held by another program") }
      usleep(Self.lockPause)
    }
    return try body()
  }

  private func failure(_ what: String) -> Failure { Failure("\(path) \(what)") }

  /// The system's word for what went wrong last.
  private var reason: String { String(cString: strerror(errno)) }
}

// Within the type `read` and `write` are its own.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
