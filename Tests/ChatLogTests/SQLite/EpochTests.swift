import ChatProtocol
import ChatRecords
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ChatLog

/// Each server run is an epoch of the log, so that a log restored from a backup can be told from a continued one.
@Suite(.computing) struct EpochTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `each opening by a server begins an epoch, and none by a helper`() throws {
    let first = try use { (log) throws in log.epochs }
    let second = try use { (log) throws in log.epochs }
    #expect((first.number, second.number) == (1, 2))
    #expect(first.current != second.current)
    _ = try SQLiteLog(directory: folder.path, for: .helper).append([.said("a")], at: .noon)
    let third = try use { (log) throws in log.epochs }
    #expect(third.number == 3)
    #expect([first, second].map { third.number(of: $0.current) } == [1, 2])
  }

  @Test func `a log knows the heads of conversations at the end of earlier epochs`() throws {
    try use { (log) throws in
      try log.store([.said("1"), .said("2"), .whispered("a", by: "neha", to: "akash")])
    }
    try use { (_) throws in }
    try use { (log) throws in try log.store([.said("3"), .said("1", in: "#two")]) }
    try use { (log) throws in
      try log.store([.said("4"), .said("5"), .whispered("b", by: "akash", to: "neha")])
      let rooms = try log.rooms()
      #expect((0...5).map { rooms[0].heads.head(atEndOf: $0, now: 5) } == [0, 2, 2, 3, 5, 5])
      #expect((0...5).map { rooms[1].heads.head(atEndOf: $0, now: 1) } == [0, 0, 0, 1, 1, 1])
      let pair = try #require(log.state(of: .named("neha")).correspondents.first)
      #expect((0...5).map { pair.heads.head(atEndOf: $0, now: 2) } == [0, 1, 1, 1, 2, 2])
    }
    #expect(try folder.findings() == [])
  }

  @Test func `a restored backup does not know the epochs after it was made`() throws {
    try use { (log) throws in try log.store([.said("1"), .said("2")]) }
    let copy = try #require(FileManager.default.contents(atPath: folder.file("log.sqlite")))
    let vanished = try use { (log) throws in
      try log.store(.said("3"))
      return log.epoch
    }
    try copy.write(to: URL(filePath: folder.file("log.sqlite")))
    try use { (log) throws in
      try log.store([.said("other 3"), .said("other 4")])
      #expect(log.epochs.number(of: vanished) == nil)
      #expect(try log.rooms()[0].heads.head(atEndOf: 1, now: 4) == 2)
    }
    #expect(try folder.findings() == [])
  }

  @Test func `old epochs and old heads are pruned`() throws {
    let count = EpochHeads.capacity + 2
    for number in 1...count { try use { (log) throws in try log.store(.said("\(number)")) } }
    try use { (log) throws in
      let heads = try log.rooms()[0].heads
      #expect(heads.beginnings.count == EpochHeads.capacity)
      #expect(heads.head(atEndOf: 1, now: count) == nil)
      #expect(heads.head(atEndOf: 10, now: count) == 10)
      try log.withWriter { try $0.execute(sql: "UPDATE epochs SET number = number + 5000 WHERE number > 10") }
    }
    try use { (log) throws in
      #expect(log.epochs.number == 5000 + count + 2)
      #expect(try log.withReader { try Int.fetchOne($0, sql: "SELECT min(number) FROM epochs") } == 5011)
    }
  }

  @Test func `replacing the log of a running server by an older copy ends storing`() throws {
    try use { (log) throws in
      try log.store(.said("1"))
      // Another program replaces the contents.
      try DatabaseQueue(path: folder.file("log.sqlite")).write { other in
        try other.execute(sql: "DELETE FROM messages; UPDATE conversations SET head = 0, last_id = 0")
      }
      let error = #expect(throws: LogError.self) { try log.store(.said("2")) }
      #expect(error?.cause == .vanished)
      #expect(throws: LogError.self) { try log.store(.said("3")) }
    }
  }

  @discardableResult
  private func use<Result>(_ body: (SQLiteLog) throws -> Result) throws -> Result {
    try body(SQLiteLog(directory: folder.path))
  }
}

extension SQLiteLog {
  fileprivate func withReader<Result>(_ body: @escaping (Database) throws -> Result) throws -> Result {
    var result: Result?
    try withWriter { result = try body($0) }
    return try #require(result)
  }
}
