#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps a second server away from a directory, as long as this is kept and the process lives, however it ends.
///
/// Two things are locked: the file `lock`, and the directory itself, because a file can be removed and made again by
/// somebody who takes it for a leftover. The file also holds what the log is known to hold; see `LogRecord`.
final class DirectoryLock: Sendable {
  private let directory: Int32
  private let file: Int32
  private let path: String

  /// - Throws: `LogError` with the cause `locked` where another server has it.
  init(_ directory: LogDirectory) throws(LogError) {
    let folder = open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw LogError(errno, "cannot open \(directory.path)") }
    let file = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      let reason = errno
      close(folder)
      throw LogError(reason, "cannot open \(directory.lock)")
    }
    // There are file systems of networks that cannot lock a directory.
    let failure = Self.lock(file) ?? Self.lock(folder).flatMap { $0 == EWOULDBLOCK ? $0 : nil }
    guard let failure else {
      (self.directory, self.file, path) = (folder, file, directory.lock)
      return
    }
    let owner = LogRecord.processID(in: file).map { " (pid \($0))" } ?? ""
    close(file)
    close(folder)
    guard failure == EWOULDBLOCK else { throw LogError(failure, "cannot lock \(directory.lock)") }
    throw LogError(.locked, "another server\(owner) uses \(directory.path); choose another with --data")
  }

  /// - Returns: why not; nil where it is locked.
  private static func lock(_ descriptor: Int32) -> Int32? {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno != EINTR { return errno }
    }
    return nil
  }

  /// The file stays: removing it would let two servers lock two different ones.
  deinit {
    // A process that is being started holds all descriptors until it executes; the locks end before that.
    flock(file, LOCK_UN)
    flock(directory, LOCK_UN)
    close(file)
    close(directory)
  }

  /// Takes no time worth mentioning, and is not forced to the disk: what is confirmed is in the log before.
  func write(_ record: LogRecord) {
    var status = stat()
    guard fstat(file, &status) == 0, status.st_nlink == 0 else { return record.write(to: file) }
    // Somebody has removed it. The directory stays locked, and the next server should know all the same.
    let anew = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard anew >= 0 else { return }
    record.write(to: anew)
    close(anew)
  }
}

/// What a server that has a log open knows to be in it. The next one compares the log with it: a log without its newest
/// part, or an empty one in its place, would give names that belong to somebody to whoever comes first.
struct LogRecord: Hashable, Sendable {
  /// The run of the server, by the word of its epoch.
  var epoch: String
  /// The last message that was confirmed.
  var lastID: Int
  /// How many times something about accounts, rules and acts was confirmed.
  var changes: Int

  init(epoch: String, lastID: Int, changes: Int) {
    (self.epoch, self.lastID, self.changes) = (epoch, lastID, changes)
  }

  /// What the last server wrote down, nil where none did; and whether a server has ever kept a log there.
  static func read(_ path: String) -> (record: LogRecord?, wasUsed: Bool) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return (nil, false) }
    defer { close(file) }
    return (LogRecord(in: file), processID(in: file) != nil)
  }

  private static let maximumBytes = 256

  private init?(in file: Int32) {
    let lines = Self.lines(in: file)
    guard lines.count > 1 else { return nil }
    let words = lines[1].split(separator: " ")
    guard words.count == 3, let lastID = Int(words[1]), let changes = Int(words[2]) else { return nil }
    self.init(epoch: String(words[0]), lastID: lastID, changes: changes)
  }

  fileprivate static func processID(in file: Int32) -> Int? { lines(in: file).first.flatMap { Int($0) } }

  private static func lines(in file: Int32) -> [Substring] {
    var bytes = [UInt8](repeating: 0, count: maximumBytes)
    let count = pread(file, &bytes, bytes.count, 0)
    guard count > 0 else { return [] }
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
  }

  /// In one call, so that whoever reads it reads all of it.
  fileprivate func write(to file: Int32) {
    let text = Array("\(getpid())\n\(epoch) \(lastID) \(changes)\n".utf8)
    pwrite(file, text, text.count, 0)
    ftruncate(file, off_t(text.count))
  }
}
