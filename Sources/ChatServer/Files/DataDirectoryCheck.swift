import ChatLog
import Platform

/// Checks whether a server can keep its files in a directory, without creating any.
struct DataDirectoryCheck {
  private let path: String

  init(_ path: String) { self.path = path }

  /// Blocks.
  /// - Throws: an error that describes the problem with the directory or its log.
  func run() throws(ServerCheckError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw unusable(errno) }
      return try checkParent()
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw unusable(ENOTDIR) }
    guard access(path, R_OK | W_OK | X_OK) == 0 else { throw unusable(errno) }
    for file in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm", "lock"].map({ "\(path)/\($0)" })
    where access(file, F_OK) == 0 {
      guard access(file, R_OK | W_OK) == 0 else {
        throw error("cannot use \(file): \(reason(errno)); let the one who runs the server own it")
      }
    }
    do throws(LogError) {
      try SQLiteLog.check(directory: path)
      if SQLiteLog.exists(in: path) { _ = try LogArchive(directory: path) }
    } catch {
      // A locked log is in use, not damaged.
      guard error.cause != .locked else { return }
      // On a full disk, a retry helps as soon as there is room. An unknown cause may be a full disk, too: when SQLite
      // cannot create a file there, it reports only that it cannot open it.
      let isConfiguration = error.cause != .full && error.cause != .other
      throw ServerCheckError(description: error.description, isConfiguration: isConfiguration)
    }
  }

  /// The directory does not exist yet: the nearest existing ancestor must be writable.
  private func checkParent() throws(ServerCheckError) {
    var rest = Substring(path)
    while true {
      while rest.count > 1, rest.last == "/" { rest.removeLast() }
      guard let slash = rest.lastIndex(of: "/") else {
        rest = "."
        break
      }
      rest = slash == rest.startIndex ? "/" : rest[..<slash]
      if access(String(rest), F_OK) == 0 || rest == "/" { break }
    }
    let parent = String(rest)
    var status = stat()
    guard stat(parent, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw error("cannot create the directory \(path): \(parent) is not a directory")
    }
    guard access(parent, W_OK | X_OK) == 0 else {
      throw error("cannot create the directory \(path): \(parent): \(reason(errno)); choose another with --data")
    }
  }

  private func unusable(_ number: Int32) -> ServerCheckError {
    error("cannot use the directory \(path): \(reason(number)); choose another with --data")
  }

  private func error(_ description: String) -> ServerCheckError {
    ServerCheckError(description: description, isConfiguration: true)
  }

  private func reason(_ number: Int32) -> String {
    switch number {
    case EACCES, EPERM: "no permission"
    case ENOTDIR: "it is not a directory"
    case EROFS: "the file system is read-only"
    default: String(cString: strerror(number))
    }
  }
}
