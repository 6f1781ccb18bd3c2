import Platform

/// Location and file names of a log. The files are accessible to their owner only.
struct LogDirectory: Sendable {
  let path: String

  var database: String { path + "/log.sqlite" }
  /// The write-ahead log, as named by SQLite.
  var writeAheadLog: String { database + "-wal" }
  /// The readers' index of the write-ahead log, as named by SQLite.
  var sharedMemory: String { database + "-shm" }
  var lock: String { path + "/lock" }

  /// Whether there is a log here.
  var holdsLog: Bool { FileIdentity(of: database) != nil }

  /// Whether there is a log here, or this user may not look.
  var mayHoldLog: Bool { access(database, F_OK) == 0 || errno == EACCES }

  /// The key file that a server creates here after opening the log.
  var key: String { path + "/server.key" }

  /// Creates an empty database if there is none.
  func makeDatabase() throws(LogError) {
    // SQLite would create the file with a mode that depends on the umask. An existing file is not opened: closing it
    // again would release the locks that SQLite holds on it in this process (https://sqlite.org/howtocorrupt.html,
    // 2.2).
    guard !holdsLog else { return restrict() }
    let descriptor = open(database, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 {
      guard errno == EEXIST else { throw LogError(errno, "cannot create \(database)") }
      return
    }
    close(descriptor)
  }

  // MARK: Permissions

  private static let others: mode_t = 0o077
  private static let writingOthers: mode_t = 0o022

  /// Removes excess permissions of other users: the database contains the secret that seals tokens, and direct
  /// messages. For the directory, which may be shared for other purposes, only the permission to replace files is
  /// removed.
  private func restrict() {
    for (file, mode) in exposed() { chmod(file, mode) }
  }

  /// - Parameter finding: called for each file with excess permissions.
  func check(_ finding: (String) -> Void) {
    for (file, mode) in exposed() {
      finding("others may use \(file), which holds secrets: chmod \(String(mode, radix: 8)) would change that")
    }
  }

  /// Files with excess permissions, and the permissions that they should have.
  private func exposed() -> [(file: String, mode: mode_t)] {
    var found: [(file: String, mode: mode_t)] = []
    for file in [path, database, writeAheadLog, sharedMemory, lock] {
      var status = stat()
      guard stat(file, &status) == 0 else { continue }
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      // In a sticky directory users cannot replace each other's files.
      if isDirectory, status.st_mode & S_ISVTX != 0 { continue }
      let excess = status.st_mode & (isDirectory ? Self.writingOthers : Self.others)
      if excess != 0 { found.append((file, status.st_mode & 0o7777 & ~excess)) }
    }
    return found
  }

  /// Makes a new directory durable, so that confirmed data in it survives loss of power; SQLite does so for its own
  /// files.
  private static func synchronize(parentOf path: String) {
    let descriptor = open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Creates the directory and missing parent directories.
  func makeDirectory() throws(LogError) {
    var missing: [String] = []
    var rest = Substring(path)
    while FileIdentity(of: String(rest)) == nil {
      missing.append(String(rest))
      while rest.last == "/" { rest.removeLast() }
      guard let slash = rest.lastIndex(of: "/"), slash != rest.startIndex else { break }
      rest = rest[..<slash]
    }
    for path in missing.reversed() {
      guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw LogError(errno, "cannot create the directory \(path)")
      }
      Self.synchronize(parentOf: path)
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw LogError(errno, "cannot use the directory \(path)") }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw LogError(ENOTDIR, "cannot use the directory \(path)") }
  }
}
