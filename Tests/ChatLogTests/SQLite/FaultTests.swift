import ChatProtocol
import ChatRecords
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ChatLog

/// Failures of the disk and interference by other programs: an unstored message is not confirmed, and the log recovers
/// by itself when the cause is gone.
@Suite(.computing) struct FaultTests {
  private let folder: TemporaryFolder
  private let log: SQLiteLog

  init() throws {
    folder = try TemporaryFolder()
    log = try SQLiteLog(directory: folder.path, busyTimeout: .milliseconds(20))
    try log.store([.said("before"), .whispered("before", by: "neha", to: "akash")])
  }

  @Test func `a full disk fails writes until there is space`() throws {
    try log.withWriter { (database) throws in
      let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      try database.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
    let large = String(repeating: "much ", count: 2000)
    let messages = try (0..<50).map { try NewMessage.said("\(large)\($0)", in: "#r\($0 % 5)", key: "k\($0)") }
    for _ in 0..<3 {
      try expectFailure(.full, containing: "no room on the disk") { _ = try log.append(messages, at: .noon) }
    }
    try log.withWriter { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    #expect(try log.store(messages).map(\.sequence) == (0..<50).map { $0 / 5 + 1 })
    try finish()
  }

  @Test func `a write lock of another program fails writes until it is released`() throws {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.file("log.sqlite"), configuration: configuration)
    try other.inDatabase { try $0.execute(sql: "BEGIN EXCLUSIVE") }
    try expectFailure(.locked, containing: "another program") { try log.store(.said("a")) }
    try expectFailure(.locked, containing: "cannot keep marks in") {
      try log.keep([ReadMark(member: .named("neha"), conversation: .lobby, sequence: 1)])
    }
    try expectFailure(.locked, containing: "cannot index") { _ = try log.catchUp() }
    #expect(try log.latest().map(\.text) == ["before"])
    try other.inDatabase { try $0.execute(sql: "COMMIT") }
    #expect(try log.store(.said("a")).sequence == 2)
    try finish()
  }

  @Test func `expired messages are looked for in pieces, without a lock that another program waits for`() throws {
    try log.store((0..<20_000).map { try .said("\($0)") }, at: Timestamp.noon.advanced(by: -86_400_000))
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.file("log.sqlite"), configuration: configuration)
    try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let retention = Retention(age: .seconds(3600))
    #expect(try log.prune(retention, at: .noon))
    // The second piece is the last one: now there is something to remove.
    try expectFailure(.locked, containing: "cannot prune") { _ = try log.prune(retention, at: .noon) }
    try other.inDatabase { try $0.execute(sql: "COMMIT") }
    #expect(log.prunedMessages == 0)
    #expect(try log.prune(retention, at: .noon))
    #expect(log.prunedMessages == 500)
    #expect(try folder.findings() == [])
  }

  /// The next fsync would succeed without the pages that the failed one should have written.
  @Test(arguments: [ResultCode.SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC])
  func `after a failed fsync nothing is confirmed until the next start`(code: ResultCode) throws {
    let fault = FailingCommit(code)
    try log.withWriter { $0.add(transactionObserver: fault) }
    try expectFailure(.unsynced, containing: "the disk did not keep") { try log.store(.said("a")) }
    try log.withWriter { $0.remove(transactionObserver: fault) }
    try expectFailure(.unsynced, containing: "nothing is stored any more") { try log.store(.said("b")) }
    #expect(try log.latest().map(\.text) == ["before"])
    for number in [0, EIO, ENOSPC] {
      #expect(LogError.Cause(DatabaseError(resultCode: code), errorNumber: number) == .unsynced)
    }
  }

  /// Some file systems report a full disk with a number that SQLite does not know.
  @Test(arguments: [ENOSPC, EDQUOT, EFBIG])
  func `a full disk is recognized by the number of the system call`(number: Int32) throws {
    var failure: (any Error)?
    try log.withWriter { (database) throws in
      do {
        try database.numberingErrors {
          errno = number
          throw DatabaseError(resultCode: .SQLITE_IOERR_SHMSIZE)
        }
      } catch {
        failure = error
      }
    }
    let error = try #require(failure)
    #expect(LogError(error, "cannot open", "a file").cause == .full)
  }

  @Test func `messages stored by another program are kept`() throws {
    let other = try SQLiteLog(directory: folder.path, for: .helper)
    for number in 1...5 {
      #expect(try other.store(.said("theirs")).sequence == 2 * number)
      #expect(try log.store(.said("ours")).sequence == 2 * number + 1)
    }
    try finish()
  }

  @Test func `a connection that cannot write is replaced`() throws {
    try log.withWriter { try $0.execute(sql: "PRAGMA query_only = 1") }
    try expectFailure(.readOnly, containing: "cannot store in \(folder.path)/log.sqlite") { try log.store(.said("a")) }
    #expect(try log.store(.said("b")).sequence == 2)
    #expect(try log.latest().map(\.text) == ["before", "b"])
    try finish()
  }

  @Test(arguments: ["log.sqlite", "log.sqlite-wal"])
  func `a removed file is detected`(name: String) throws {
    try log.store(.said("confirmed"))
    try FileManager.default.moveItem(atPath: folder.file(name), toPath: folder.file("elsewhere"))
    for _ in 0..<2 { try expectFailure(.vanished, containing: "was removed or replaced") { try log.store(.said("a")) } }
    // A file with equal content is another file.
    try FileManager.default.copyItem(atPath: folder.file("elsewhere"), toPath: folder.file(name))
    try expectFailure(.vanished, containing: "put it back") { try log.store(.said("a")) }
    try FileManager.default.removeItem(atPath: folder.file(name))
    try FileManager.default.moveItem(atPath: folder.file("elsewhere"), toPath: folder.file(name))
    #expect(try log.store(.said("b")).sequence == 3)
    try finish()
  }

  @Test func `a removed directory is detected`() throws {
    try FileManager.default.removeItem(atPath: folder.path)
    try expectFailure(.vanished, containing: folder.path) { try log.store(.said("a")) }
    try expectFailure(.vanished, containing: folder.path) { _ = try log.prune(Retention(count: 1), at: .noon) }
  }

  @Test func `a damaged conversation is an error`() throws {
    try log.withWriter { (database) throws in
      try database.execute(sql: "UPDATE conversations SET head = ? WHERE room IS NOT NULL", arguments: [Int64.max])
    }
    let again = try reopened()
    try expectFailure(.corrupt, containing: "a number of it") { try again.store(.said("a")) }
    #expect(throws: LogError.self) { try again.rooms() }
    try log.withWriter { try $0.execute(sql: "UPDATE messages SET author = ''") }
    try expectFailure(.corrupt, containing: "the one with id 1") { _ = try log.latest() }
    try expectFailure(.corrupt, containing: "the one with id 1") { _ = try log.find("before") }
    #expect(try folder.findings().count >= 3)
  }

  @Test(arguments: [-1, Int64.max])
  func `a last id that is none is reported with its file`(id: Int64) throws {
    try reopened().withWriter { (database) throws in
      try database.execute(sql: "UPDATE conversations SET last_id = ?", arguments: [id])
    }
    let damage = "\(folder.path)/log.sqlite: the log holds a message's id that is none"
    try expectFailure(.corrupt, containing: "cannot store in \(damage)") { try log.store(.said("a")) }
    // Before a server starts.
    try expectFailure(.corrupt, containing: "cannot open \(damage)") { try SQLiteLog.check(directory: folder.path) }
  }

  /// Any file content is either read or refused with a reason.
  @Test(arguments: SeededGenerator.seeds(60))
  func `flipped bytes and truncated files are read or refused`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    try log.store((0..<300).map { try .said("some words \($0)", by: "p\($0 % 7)", in: "#r\($0 % 3)") })
    try log.finishIndexing()
    let damaged = try TemporaryFolder()
    try log.withWriter { _ = try $0.checkpoint(.truncate) }
    try folder.copy("log.sqlite", to: damaged)
    var bytes = try #require(FileManager.default.contents(atPath: damaged.file("log.sqlite")))
    if generator.chance(1, in: 4) { bytes = bytes.prefix(generator.number(0...bytes.count)) }
    for _ in 0..<generator.number(1...40) where !bytes.isEmpty {
      // Favours the first pages, which hold most of the schema.
      let place = generator.number(0...(generator.flip() ? bytes.count - 1 : min(bytes.count - 1, 8191)))
      bytes[bytes.startIndex + place] = UInt8(generator.number(0...255))
    }
    try bytes.write(to: URL(filePath: damaged.file("log.sqlite")))
    do {
      let log = try SQLiteLog(directory: damaged.path)
      _ = try? log.store(.said("a", in: "#r1"))
      _ = try? log.latest(in: .named("#r1"))
      _ = try? log.find("words", in: [.named("#r0"), .named("#r1")])
      _ = try? log.state(of: .named("p1"))
      _ = try? log.rooms()
      for _ in 0..<5 { _ = try? log.prune(Retention(count: 10), at: .noon) }
      for _ in 0..<5 { _ = try? log.catchUp() }
    } catch {
      #expect("\(error)".contains(damaged.path), "\(generator)")
    }
    _ = try? damaged.findings()
  }

  // MARK: Support

  private func expectFailure(
    _ cause: LogError.Cause, containing words: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) throws {
    let error = #expect(throws: LogError.self, sourceLocation: sourceLocation) { try body() }
    #expect(error?.cause == cause, sourceLocation: sourceLocation)
    #expect(
      error?.description.contains(words) == true, "\(error?.description ?? "")", sourceLocation: sourceLocation)
  }

  private func reopened() throws -> SQLiteLog { try SQLiteLog(directory: folder.path, for: .helper) }

  /// Checks that the log works again and that its files match it.
  private func finish() throws {
    try log.store(.said("after"))
    try log.withWriter { (database) throws in
      #expect(try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2, "a commit waits for the disk")
    }
    try log.finishIndexing()
    #expect(try folder.findings() == [])
    let again = try reopened()
    #expect(try again.rooms() == log.rooms())
    for room in try log.rooms() {
      #expect(try again.latest(in: .room(room.name)).map(\.sequence) == Array(1...room.head))
    }
  }
}

/// Makes commits fail as if a system call had failed.
private final class FailingCommit: TransactionObserver {
  private let code: ResultCode

  init(_ code: ResultCode) { self.code = code }

  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
  func databaseDidChange(with event: DatabaseEvent) {}
  func databaseWillCommit() throws { throw DatabaseError(resultCode: code) }
  func databaseDidCommit(_ database: Database) {}
  func databaseDidRollback(_ database: Database) {}
}
