import ChatProtocol
import ChatRecords
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import ChatLog

/// Searches that stop early return their results so far and the place to continue.
@Suite(.computing) struct StoppedSearchTests {
  /// Stops a search after a number of checks.
  private final class SearchDeadline: Sendable {
    private let left: Atomic<Int>
    init(_ questions: Int) { left = Atomic(questions) }
    func isOver() -> Bool { left.subtract(1, ordering: .relaxed).oldValue <= 0 }
  }

  private func request(_ text: String, before: Int?, limit: Int, rooms: Int) throws -> SearchRequest {
    let rooms = try (0..<rooms).map { Conversation.room(try #require(RoomName("#r\($0)"))) }
    return SearchRequest(
      conversations: rooms, query: try #require(SearchQuery(text)), before: before, limit: limit)
  }

  /// Repeats the search from where the previous one stopped.
  private func findAll(
    _ text: String, patience: Int, limit: Int, rooms: Int, _ log: any MessageLog
  ) throws -> (ids: [Int], searches: Int) {
    var ids: [Int] = []
    var before: Int?
    for searches in 1...20_000 {
      let patience = SearchDeadline(patience)
      let page = try log.search(try request(text, before: before, limit: limit, rooms: rooms)) { patience.isOver() }
      ids += page.messages.map(\.id)
      let next = page.hasMore ? page.messages.last?.id : page.stoppedBefore
      guard let next else { return (ids, searches) }
      try #require(next < before ?? .max, "a stopped search made no progress")
      before = next
    }
    throw LogError(.other, "the search does not end")
  }

  @Test(arguments: LogKind.allCases, [0, 1, 7, 500])
  func `a stopped and continued search finds the same as one search`(kind: LogKind, patience: Int) throws {
    try kind.use { (log) throws in
      var random = SeededGenerator()
      let messages = try (0..<600).map { number in
        try NewMessage.said(
          "word\(random.number(0...3)) word\(random.number(0...3)) \(number)", in: "#r\(random.number(0...30))")
      }
      for start in stride(from: 0, to: 500, by: 100) { try log.store(Array(messages[start..<(start + 100)])) }
      try log.finishIndexing()
      // The remaining messages are not in the index.
      try log.store(Array(messages[500...]))
      for (text, rooms) in [("word1 word2", 5), ("word0", 31), ("from:neha", 25), ("word1 absent", 31)] {
        let all = try log.search(try request(text, before: nil, limit: 10_000, rooms: rooms)).messages.map(\.id)
        let found = try findAll(text, patience: patience, limit: 50, rooms: rooms, log)
        #expect(found.ids == all, "\(random) \(text) in \(rooms)")
      }
    }
  }

  /// Each message is compared with seventeen words, of which sixteen are passed to the index.
  private static let many = (0..<16).map { "w\($0)" }.joined(separator: " ")

  @Test(arguments: LogKind.allCases)
  func `the longest search stops soon`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for _ in 0..<3 { try log.store((0..<1000).map { try .said("\(Self.many) \($0)", in: "#r0") }) }
      try log.finishIndexing()
      let patience = SearchDeadline(10)
      let page = try log.search(try request("\(Self.many) absent", before: nil, limit: 10, rooms: 1)) {
        patience.isOver()
      }
      #expect(page.messages == [])
      // One row more than checks, and SQLite itself makes two of the checks. PostgreSQL's connection makes one for each
      // 50 ms without an answer, also before the first row.
      let latest = kind == .postgresql ? 3001 : 2995
      #expect(page.stoppedBefore.map { (2985...latest).contains($0) } == true, "\(page.stoppedBefore ?? 0)")
    }
  }

  @Test func `a stopped statement fails and its connection can be used again`() throws {
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path)
    let endless = "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"
    try log.withWriter { (database) throws in
      let patience = SearchDeadline(3)
      let error = #expect(throws: DatabaseError.self) {
        try Interruption.watch(database, until: { patience.isOver() }) { try Int.fetchOne(database, sql: endless) }
      }
      #expect(error?.isInterruption == true)
      #expect(try Int.fetchOne(database, sql: "SELECT 1") == 1)
    }
  }
}
