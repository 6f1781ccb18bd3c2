import Platform

/// Excludes a second server from a directory while this object exists and the process lives, however the process ends.
///
/// Two things are locked: the file `lock`, and the directory itself, because a user may remove the file as a leftover
/// and it is then created again. The file also records the known contents of the log; see `LogRecord`.
final class DirectoryLock: Sendable {
  private let directory: Int32
  private let file: Int32
  private let path: String

  /// - Throws: `LogError` with cause `locked` if another server holds the lock.
  init(_ directory: LogDirectory) throws(LogError) {
    let folder = open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw LogError(errno, "cannot open \(directory.path)") }
    let file = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      let reason = errno
      close(folder)
      throw LogError(reason, "cannot open \(directory.lock)")
    }
    // Some network file systems cannot lock a directory.
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

  /// - Returns: the error number; nil if locked.
  private static func lock(_ descriptor: Int32) -> Int32? {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno != EINTR { return errno }
    }
    return nil
  }

  /// The file remains: removing it would let two servers lock two different files.
  deinit {
    // A child process holds all descriptors until exec; unlocking explicitly ends the locks before that.
    flock(file, LOCK_UN)
    flock(directory, LOCK_UN)
    close(file)
    close(directory)
  }

  /// Takes negligible time and is not forced to disk: the log stores confirmed data first.
  func write(_ record: LogRecord) {
    var status = stat()
    guard fstat(file, &status) == 0, status.st_nlink == 0 else { return record.write(to: file) }
    // The file was removed. The directory stays locked, but the next server needs the record.
    let anew = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard anew >= 0 else { return }
    record.write(to: anew)
    close(anew)
  }
}

/// Contents of the log as known to the server that has it open. The next server compares the log with this record: with
/// an incomplete or empty log, a server would give owned names to the first client that asks for them.
struct LogRecord: Hashable, Sendable {
  /// The server's run, identified by its epoch.
  var epoch: String
  /// The last message that was confirmed.
  var lastID: Int
  /// Number of confirmed changes of accounts, rules and acts.
  var changes: Int

  init(epoch: String, lastID: Int, changes: Int) {
    (self.epoch, self.lastID, self.changes) = (epoch, lastID, changes)
  }

  /// The record of the last server, nil if none; and whether a server has ever kept a log there.
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

  /// In a single call, so that a reader sees the whole record.
  fileprivate func write(to file: Int32) {
    let text = Array("\(getpid())\n\(epoch) \(lastID) \(changes)\n".utf8)
    // On a full disk, the earlier record stays whole.
    guard pwrite(file, text, text.count, 0) == text.count else { return }
    ftruncate(file, off_t(text.count))
  }
}
