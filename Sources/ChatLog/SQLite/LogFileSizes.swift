import Platform

/// Sizes of a log's files, in bytes, after the last write.
struct LogFileSizes: Hashable, Sendable {
  var database: Int64
  var writeAheadLog: Int64

  init(_ directory: LogDirectory) {
    database = Self.size(of: directory.database)
    writeAheadLog = Self.size(of: directory.writeAheadLog)
  }

  init(database: Int64, writeAheadLog: Int64) {
    self.database = database
    self.writeAheadLog = writeAheadLog
  }

  private static func size(of path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }
}
