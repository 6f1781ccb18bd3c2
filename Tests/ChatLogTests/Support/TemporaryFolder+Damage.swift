import GRDB
import TestSupport
import Testing

@testable import ChatLog

extension TemporaryFolder {
  /// The files that a crash leaves of a log whose table `marks` cannot be read. The last message is only in the
  /// write-ahead log.
  /// - Parameter isLong: whether the first commit after opening finds a write-ahead log that calls for a checkpoint.
  static func damagedLog(hasLongWriteAheadLog isLong: Bool = false) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path, checkpointPages: .max)
    try log.store(.said("early"))
    var root = 0
    try log.withWriter { (database) throws in
      _ = try database.checkpoint(.truncate)
      root = try Int.fetchOne(database, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'marks'") ?? 0
    }
    try #require(root > 1)
    try log.store(.said("late"))
    if isLong {
      try log.withWriter { (database) throws in
        // The next opening sets it again, and commits that.
        try SearchIndex(database).set(.automerge, 4)
        try database.execute(sql: "CREATE TABLE filler (x); INSERT INTO filler VALUES (zeroblob(20000000))")
      }
    }
    let place = try TemporaryFolder()
    try folder.copy("log.sqlite", to: place)
    // It belongs to the locks of the process that wrote it.
    try place.remove("log.sqlite-shm")
    var bytes = try place.read("log.sqlite")
    let page = (root - 1) * 4096..<root * 4096
    bytes.replaceSubrange(page, with: repeatElement(0, count: page.count))
    try place.write("log.sqlite", bytes)
    withExtendedLifetime(log) {}
    return place
  }

  /// The advice on damage of the log in this folder.
  var restoration: String {
    let log = file("log.sqlite")
    return "stop the server, remove \(log)-wal and \(log)-shm, and put the copy in place of \(log)"
  }
}
