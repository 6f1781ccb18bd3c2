#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps a second server away from a directory, as long as this is kept and the process lives, however it ends.
final class DirectoryLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `LogError` with the cause `locked` where another server has it.
  init(_ directory: LogDirectory) throws(LogError) {
    let descriptor = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw LogError(errno, "cannot open \(directory.lock)") }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let reason = errno
      if reason == EINTR { continue }
      let owner = Self.owner(in: descriptor).map { " (pid \($0))" } ?? ""
      close(descriptor)
      guard reason == EWOULDBLOCK else { throw LogError(reason, "cannot lock \(directory.lock)") }
      throw LogError(.locked, "another server\(owner) uses \(directory.path); choose another with --data")
    }
    self.descriptor = descriptor
    // Only for the message above: the lock holds without it.
    ftruncate(descriptor, 0)
    let text = Array("\(getpid())\n".utf8)
    pwrite(descriptor, text, text.count, 0)
  }

  /// The file stays: removing it would let two servers lock two different ones.
  deinit { close(descriptor) }

  private static func owner(in descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes[..<count].prefix { (0x30...0x39).contains($0) }, as: UTF8.self))
  }
}
