import ChatProtocol
import GRDB
import TestSupport
import Testing

@testable import ChatLog

/// Segments of the search index.
@Suite(.computing) struct MergingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func segments(of log: SQLiteLog) throws -> Int {
    var count = 0
    try log.withWriter { count = try Int.fetchOne($0, sql: "SELECT count(DISTINCT segid) FROM search_idx") ?? 0 }
    return count
  }

  /// Each call indexes what was stored since the previous one, as in a room with a message every few seconds.
  @Test func `the segments of small slices are merged while the log keeps up`() throws {
    let log = try SQLiteLog(directory: folder.path)
    for number in 1...200 {
      try log.store(.said("word \(number)"))
      _ = try log.catchUp()
      // At most three on each of four levels, and those being merged.
      #expect(try segments(of: log) <= 16)
    }
    #expect(try log.find("word", limit: .max).messages.count == 200)
    #expect(try folder.findings() == [])
  }

  @Test func `segments that many messages have left are merged afterwards`() throws {
    let log = try SQLiteLog(directory: folder.path)
    for _ in 0..<12 {
      try log.store((0..<SQLiteLog.slice).map { try .said("word \($0) of many") })
      #expect(try log.catchUp())
    }
    let before = try segments(of: log)
    #expect(before >= 12)
    try log.finishIndexing()
    #expect(try segments(of: log) < 4)
    #expect(try log.find("1999", limit: .max).messages.count == 12)
    #expect(try folder.findings() == [])
    #expect(try !log.catchUp())
  }

  /// A full disk must not be written to again and again.
  @Test func `a failed merge waits for the next messages`() throws {
    let log = try SQLiteLog(directory: folder.path)
    for _ in 0..<12 {
      try log.store((0..<SQLiteLog.slice).map { try .said("word \($0) of many") })
      #expect(try log.catchUp())
    }
    // One step, so that the next one has something to do.
    #expect(try log.catchUp())
    try log.withWriter { try $0.execute(sql: "PRAGMA query_only = 1") }
    #expect(throws: LogError.self) { try log.catchUp() }
    #expect(try !log.catchUp())
    try log.withWriter { try $0.execute(sql: "PRAGMA query_only = 0") }
    try log.store(.said("one more"))
    try log.finishIndexing()
    #expect(try segments(of: log) < 4)
  }
}
