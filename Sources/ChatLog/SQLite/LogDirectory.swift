#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where a log lies, and what its files are called. They are their owner's alone.
struct LogDirectory: Sendable {
  let path: String

  var database: String { path + "/log.sqlite" }
  /// The database's newest part, as SQLite calls it.
  var writeAheadLog: String { database + "-wal" }
  /// The readers' index to that, as SQLite calls it.
  var sharedMemory: String { database + "-shm" }
  var lock: String { path + "/lock" }

  /// Whether anything was ever kept here.
  var holdsLog: Bool { FileIdentity(of: database) != nil }

  /// What a server makes here after it has opened the log.
  var key: String { path + "/server.key" }

  /// Makes an empty database where there is none.
  func makeDatabase() throws(LogError) {
    // Through SQLite the file would get whatever mode the environment says. One that is there is not opened: closing it
    // again would take away the locks that SQLite holds on it in this process (https://sqlite.org/howtocorrupt.html, 2.2).
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

  /// What others may do with the files, and what they should not, is taken from them: the database has the secret that
  /// tokens are sealed with, and what two people wrote to each other. Of the directory, which may have been made by
  /// others for more than this, only the right to put other files in their place.
  private func restrict() {
    for (file, mode) in exposed() { chmod(file, mode) }
  }

  /// - Parameter finding: called for each that others may do too much with.
  func check(_ finding: (String) -> Void) {
    for (file, mode) in exposed() {
      finding("others may use \(file), which holds secrets: chmod \(String(mode, radix: 8)) would change that")
    }
  }

  /// What is open to others, and the permissions that it should have.
  private func exposed() -> [(file: String, mode: mode_t)] {
    var found: [(file: String, mode: mode_t)] = []
    for file in [path, database, writeAheadLog, sharedMemory, lock] {
      var status = stat()
      guard stat(file, &status) == 0 else { continue }
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      // In a sticky one nobody replaces what is not theirs.
      if isDirectory, status.st_mode & S_ISVTX != 0 { continue }
      let excess = status.st_mode & (isDirectory ? Self.writingOthers : Self.others)
      if excess != 0 { found.append((file, status.st_mode & 0o7777 & ~excess)) }
    }
    return found
  }

  /// So that what is confirmed below it is found again after a loss of power; SQLite does so for its own files.
  private static func synchronize(parentOf path: String) {
    let descriptor = open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Makes the directory, with those above it.
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
