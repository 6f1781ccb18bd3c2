import Platform

/// Tells whether a file has changed: its identity, size and times.
struct FileStamp: Hashable, Sendable {
  private let numbers: [Int64]
  /// Whether there is a file.
  let exists: Bool

  /// - Parameter path: nil for no file.
  init(of path: String?) {
    var status = stat()
    guard let path, stat(path, &status) == 0 else {
      (numbers, exists) = ([path == nil ? 0 : Int64(errno)], false)
      return
    }
    #if canImport(Darwin)
      let times = [status.st_mtimespec, status.st_ctimespec]
    #else
      let times = [status.st_mtim, status.st_ctim]
    #endif
    exists = true
    numbers =
      [Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino), Int64(status.st_size)]
      + times.flatMap { [Int64($0.tv_sec), Int64($0.tv_nsec)] }
  }
}
