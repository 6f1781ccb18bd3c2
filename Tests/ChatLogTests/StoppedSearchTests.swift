import ChatProtocol
import ChatRecords
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import ChatLog

/// Searches that are stopped early say what they have found, and where to go on.
@Suite(.computing) struct StoppedSearchTests {
  /// Says that it is time to stop after so many questions.
  private final class Patience: Sendable {
    private let left: Atomic<Int>
    init(_ questions: Int) { left = Atomic(questions) }
    func isOver() -> Bool { left.subtract(1, ordering: .relaxed).oldValue <= 0 }
  }

  private func request(_ text: String, before: Int?, limit: Int, rooms: Int) throws -> SearchRequest {
    let rooms = try (0..<rooms).map { Conversation.room(try #require(RoomName("#r\($0)"))) }
    return SearchRequest(
      conversations: rooms, query: try #require(SearchQuery(text)), before: before, limit: limit)
  }

  /// Searches again and again from where the last one ended.
  private func findAll(
    _ text: String, patience: Int, limit: Int, rooms: Int, _ log: any MessageLog
  ) throws -> (ids: [Int], searches: Int) {
    var ids: [Int] = []
    var before: Int?
    for searches in 1...20_000 {
      let patience = Patience(patience)
      let page = try log.search(try request(text, before: before, limit: limit, rooms: rooms)) { patience.isOver() }
      ids += page.messages.map(\.id)
      let next = page.hasMore ? page.messages.last?.id : page.stoppedBefore
      guard let next else { return (ids, searches) }
      try #require(next < before ?? .max, "a search gets somewhere")
      before = next
    }
    throw LogError(.other, "it has no end")
  }

  @Test(arguments: LogKind.allCases, [0, 1, 7, 500])
  func `what is found bit by bit is what is found at once`(kind: LogKind, patience: Int) throws {
    try kind.use { (log) throws in
      var random = SeededGenerator()
      let messages = try (0..<600).map { number in
        try NewMessage.said(
          "word\(random.number(0...3)) word\(random.number(0...3)) \(number)", in: "#r\(random.number(0...30))")
      }
      for start in stride(from: 0, to: 500, by: 100) { try log.store(Array(messages[start..<(start + 100)])) }
      try log.finishIndexing()
      // The rest is not in the index.
      try log.store(Array(messages[500...]))
      for (text, rooms) in [("word1 word2", 5), ("word0", 31), ("from:neha", 25), ("word1 absent", 31)] {
        let all = try log.search(try request(text, before: nil, limit: 10_000, rooms: rooms)).messages.map(\.id)
        let found = try findAll(text, patience: patience, limit: 50, rooms: rooms, log)
        #expect(found.ids == all, "\(random) \(text) in \(rooms)")
      }
    }
  }

  /// Each is compared with seventeen words, of which the index is asked for sixteen.
  private static let many = (0..<16).map { "w\($0)" }.joined(separator: " ")

  @Test(arguments: LogKind.allCases)
  func `the longest search is stopped soon`(kind: LogKind) throws {
    try kind.use { (log) throws in
      for _ in 0..<3 { try log.store((0..<1000).map { try .said("\(Self.many) \($0)", in: "#r0") }) }
      try log.finishIndexing()
      let patience = Patience(10)
      let page = try log.search(try request("\(Self.many) absent", before: nil, limit: 10, rooms: 1)) {
        patience.isOver()
      }
      #expect(page.messages == [])
      // A row more than there were questions, and two of those are asked by the database itself.
      #expect(page.stoppedBefore.map { (2985...2995).contains($0) } == true, "\(page.stoppedBefore ?? 0)")
    }
  }

  @Test func `a statement that must stop fails, and the connection works on`() throws {
    let folder = try TemporaryFolder()
    let log = try SQLiteLog(directory: folder.path)
    let endless = "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"
    try log.withWriter { (database) throws in
      let patience = Patience(3)
      let error = #expect(throws: DatabaseError.self) {
        try Interruption.watch(database, until: { patience.isOver() }) { try Int.fetchOne(database, sql: endless) }
      }
      #expect(error?.isInterruption == true)
      #expect(try Int.fetchOne(database, sql: "SELECT 1") == 1)
    }
  }
}
