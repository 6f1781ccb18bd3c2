import ChatProtocol
import ChatRecords
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ChatLog

/// Export, verification and statistics of a log.
@Suite(.computing) struct ArchiveTests {
  private let folder: TemporaryFolder
  private let log: SQLiteLog

  init() throws {
    folder = try TemporaryFolder()
    log = try SQLiteLog(directory: folder.path)
  }

  // MARK: Exporting

  @Test func `messages are exported in storage order`() throws {
    var stored: [StoredMessage] = []
    for number in 0..<1200 {
      let time = Timestamp.noon.advanced(by: Int64(number))
      stored.append(try log.store(.said("m\(number)", in: "#r\(number % 3)"), at: time))
      if number % 10 == 0 { stored.append(try log.store(.whispered("w\(number)", by: "neha", to: "akash"), at: time)) }
    }
    let rooms = stored.filter { if case .room = $0.conversation { true } else { false } }
    #expect(try exported() == rooms)
    #expect(try exported(.init(includesPairs: true)) == stored)
    #expect(
      try exported(.init(room: RoomName("#R1"))) == rooms.filter { $0.conversation == .room(RoomName("#r1") ?? .lobby) }
    )
    #expect(try exported(.init(room: RoomName("#never"))) == [])
    let since = Timestamp.noon.advanced(by: 600)
    #expect(try exported(.init(since: since)) == rooms.filter { $0.time >= since })
    var count = 0
    try LogArchive(directory: folder.path).export(.init()) { _ in
      count += 1
      return count < 7
    }
    #expect(count == 7)
  }

  @Test(arguments: ["#caf\u{e9}", "#cafe\u{301}", "#CAFÉ", "#ｃａｆé"])
  func `a room is found by any spelling of its name`(name: String) throws {
    try log.store([.said("a", in: "#café"), .said("b", in: "#cafe\u{301}"), .said("c", in: "#cafe")])
    let room = try #require(RoomName(name))
    #expect(try exported(.init(room: room)).map(\.text) == ["a", "b"])
    #expect(try exported(.init(room: room)).map(\.sequence) == [1, 2])
    #expect(try LogArchive(directory: folder.path).holds(room))
    #expect(try !LogArchive(directory: folder.path).holds(#require(RoomName("#caf"))))
  }

  @Test func `a redacted message is exported without its text`() throws {
    try log.store([.said("a"), .said("b"), .said("c")])
    _ = try log.redact(.lobby, sequence: 2, author: nil)
    #expect(try exported().map(\.text) == ["a", "", "c"])
    #expect(try exported().map(\.kind) == [.text, .redacted, .text])
    #expect(try exported() == log.latest())
  }

  private func exported(_ selection: LogArchive.Selection = .init()) throws -> [StoredMessage] {
    var messages: [StoredMessage] = []
    try LogArchive(directory: folder.path).export(selection) {
      messages.append($0)
      return true
    }
    return messages
  }

  // MARK: Verifying

  @Test func `an intact log is verified and counted`() throws {
    try fill()
    let summary = try LogArchive(directory: folder.path).verify { Issue.record("\($0)") }
    #expect(summary == LogArchive.Summary(conversations: 3, messages: 60, indexed: 40))
    try log.finishPruning(Retention(count: 5))
    #expect(try folder.findings() == [])
    try log.finishPruning(Retention(count: 0))
    #expect(try folder.findings() == [])
  }

  @Test(
    arguments: [
      ("DELETE FROM messages WHERE sequence = 5", "sequences from 1 to 20"),
      (
        "DELETE FROM messages WHERE conversation = 1 AND sequence = 20", "ends with the sequence 19, and should with 20"
      ),
      ("UPDATE conversations SET head = 21 WHERE id = 2", "ends with the sequence 20, and should with 21"),
      ("UPDATE conversations SET last_id = 999 WHERE id = 2", "should with 999"),
      ("UPDATE messages SET conversation = 77 WHERE id = 1", "belongs to a conversation that is not there"),
      ("UPDATE messages SET author = 'a b' WHERE id = 60", "without a valid author and kind, the one with id 60"),
      ("UPDATE messages SET author = 'other' WHERE id = 1", "the index of words is not that of the messages"),
      ("UPDATE messages SET text = 'other' WHERE id = 1", "the index of words is not that of the messages"),
      ("INSERT INTO search (rowid, words) VALUES (3, 'more')", "the index of words is not that of the messages"),
      ("UPDATE log SET indexed_through = 50", "the index of words is not that of the messages"),
      ("UPDATE conversations SET room = 'lobby' WHERE id = 1", "lost a conversation or its name"),
      (
        "UPDATE messages SET id = id + 1000 WHERE conversation = 1 AND sequence = 7",
        "follows one with a larger id in its conversation"
      ),
    ])
  func `verification reports damage`(damage: String, finding: String) throws {
    try fill()
    try log.withWriter { try $0.execute(sql: damage) }
    let findings = try folder.findings()
    #expect(findings.contains { $0.contains(finding) }, "\(findings)")
  }

  @Test func `verification reports a torn page`() throws {
    try fill()
    try log.withWriter { _ = try $0.checkpoint(.truncate) }
    let damaged = try TemporaryFolder()
    try folder.copy("log.sqlite", to: damaged)
    let file = try #require(FileHandle(forUpdatingAtPath: damaged.file("log.sqlite")))
    let root = try log.latestRootPage()
    try file.seek(toOffset: UInt64(root - 1) * 4096)
    try file.write(contentsOf: Data(repeating: 0xa5, count: 512))
    try file.close()
    #expect(throws: (any Error).self) {
      let findings = try damaged.findings()
      if !findings.isEmpty { throw LogError(.corrupt, "\(findings)") }
    }
  }

  /// Stores sixty messages in three conversations, forty of them in the index.
  private func fill() throws {
    for number in 1...20 {
      try log.store([
        .said("m\(number) some words"), .said("other \(number)", in: "#two"),
        .whispered("w\(number)", by: "neha", to: "akash"),
      ])
    }
    try log.withWriter { database in
      try database.inTransaction {
        _ = try SearchIndex(database).catchUp(limit: 40)
        return .commit
      }
    }
  }
}

extension SQLiteLog {
  /// The root page of the tree that holds the messages.
  fileprivate func latestRootPage() throws -> Int {
    var page = 0
    try withWriter { database in
      page = try Int.fetchOne(database, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'messages'") ?? 0
    }
    return page
  }
}
