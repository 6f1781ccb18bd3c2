import ChatProtocol
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ChatLog

/// A log that lost confirmed messages is refused at startup, and a damaged log confirms no further messages.
@Suite(.computing) struct ContinuityTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Returns the files that a crashed server leaves.
  /// - Parameter isLate: whether the last message is only in the write-ahead log.
  private func crash(isLate: Bool = true) throws -> TemporaryFolder {
    let log = try SQLiteLog(directory: folder.path)
    try log.store(.said("early"))
    try log.record([.account(.of("neha"))])
    try log.withWriter { _ = try $0.checkpoint(.truncate) }
    if isLate { try log.store(.said("late")) }
    let place = try TemporaryFolder()
    for name in ["log.sqlite", "lock"] { try folder.copy(name, to: place) }
    // The shared memory file belongs to the locks of the process that wrote it.
    try FileManager.default.removeItem(atPath: place.file("log.sqlite-shm"))
    return place
  }

  /// - Returns: the error of a server. Another program is refused, too, and does not change that.
  private func refusal(_ place: TemporaryFolder, sourceLocation: SourceLocation = #_sourceLocation) -> LogError? {
    let other = #expect(throws: LogError.self, sourceLocation: sourceLocation) {
      try SQLiteLog(directory: place.path, for: .helper)
    }
    #expect([.vanished, .other].contains(other?.cause), "\(other?.description ?? "")", sourceLocation: sourceLocation)
    let error = #expect(throws: LogError.self, sourceLocation: sourceLocation) { try SQLiteLog(directory: place.path) }
    #expect(error?.cause == .vanished, sourceLocation: sourceLocation)
    #expect(error?.description.contains(place.restoration) == true, sourceLocation: sourceLocation)
    return error
  }

  @Test func `after a crash every message is there`() throws {
    let place = try crash()
    let log = try SQLiteLog(directory: place.path)
    #expect(try log.latest().map(\.text) == ["early", "late"])
  }

  @Test func `a log without its write-ahead log is refused until the operator removes the lock file`() throws {
    let place = try crash()
    try FileManager.default.removeItem(atPath: place.file("log.sqlite-wal"))
    #expect(refusal(place)?.description.contains("remove \(place.path)/lock") == true)
    try FileManager.default.removeItem(atPath: place.file("lock"))
    let log = try SQLiteLog(directory: place.path)
    #expect(try log.latest().map(\.text) == ["early"])
    #expect(try log.registry().accounts == [.of("neha")])
  }

  @Test func `a truncated write-ahead log is detected`() throws {
    let place = try crash()
    try Data().write(to: URL(filePath: place.file("log.sqlite-wal")))
    _ = refusal(place)
  }

  @Test func `a lost account is detected like a lost message`() throws {
    let log = try SQLiteLog(directory: folder.path)
    try log.withWriter { _ = try $0.checkpoint(.truncate) }
    try log.record([.account(.of("neha"))])
    let place = try TemporaryFolder()
    for name in ["log.sqlite", "lock"] { try folder.copy(name, to: place) }
    for end in ["-wal", "-shm"] { try FileManager.default.removeItem(atPath: place.file("log.sqlite\(end)")) }
    _ = refusal(place)
  }

  @Test func `a log without losses is accepted`() throws {
    let place = try crash(isLate: false)
    try FileManager.default.removeItem(atPath: place.file("log.sqlite-wal"))
    #expect(try SQLiteLog(directory: place.path).latest().map(\.text) == ["early"])
  }

  @Test(arguments: [true, false])
  func `an empty log in place of a used one is refused`(isThere: Bool) throws {
    let place = try crash()
    for name in ["log.sqlite", "log.sqlite-wal"] { try FileManager.default.removeItem(atPath: place.file(name)) }
    if isThere { try Data().write(to: URL(filePath: place.file("log.sqlite"))) }
    for _ in 0..<2 {
      #expect(refusal(place)?.description.contains("remove log.sqlite and lock from \(place.path)") == true)
    }
    for name in ["log.sqlite", "lock"] { try? FileManager.default.removeItem(atPath: place.file(name)) }
    #expect(try SQLiteLog(directory: place.path).latest() == [])
  }

  @Test func `an empty log next to a server's key is refused`() throws {
    try Data("key".utf8).write(to: URL(filePath: folder.file("server.key")))
    try Data().write(to: URL(filePath: folder.file("log.sqlite")))
    _ = refusal(folder)
    // A server that stored nothing on disk has a key too.
    try FileManager.default.removeItem(atPath: folder.file("log.sqlite"))
    try FileManager.default.removeItem(atPath: folder.file("lock"))
    #expect(try SQLiteLog(directory: folder.path).latest() == [])
  }

  @Test func `a checkpoint is due when the log is idle, and a new log is checkpointed`() throws {
    let log = try SQLiteLog(directory: folder.path)
    #expect(LogFileSizes(LogDirectory(path: folder.path)).database > 0)
    _ = try log.record([.account(.of("neha"))])
    var agenda = CheckpointAgenda()
    let start = MonotonicTime(nanoseconds: 1_000_000_000_000)
    agenda.finish(at: start)
    #expect(!agenda.isDue(at: start + .seconds(100)))
    agenda.note(at: start)
    #expect(!agenda.isDue(at: start + .seconds(1)))
    #expect(agenda.isDue(at: start + .seconds(2)))
    for second in 1..<60 { agenda.note(at: start + .seconds(second)) }
    #expect(!agenda.isDue(at: start + .seconds(59)))
    agenda.note(at: start + .seconds(60))
    #expect(agenda.isDue(at: start + .seconds(60)))
    agenda.finish(at: start + .seconds(60))
    agenda.note(at: start + .seconds(61))
    agenda.hurry()
    #expect(agenda.isDue(at: start + .seconds(61)))
  }

  @Test func `a redacted text leaves the write-ahead log at once`() throws {
    let log = try SQLiteLog(directory: folder.path)
    try log.store([.said("zqxsecretword"), .said("b")])
    _ = try log.redact(.lobby, sequence: 1, author: nil)
    // Redact a second message, after which the index is not rebuilt.
    try log.finishIndexing()
    try log.store(.said("vkjhiddenthing"))
    _ = try log.redact(.lobby, sequence: 3, author: nil)
    try log.finishIndexing()
    for name in ["log.sqlite", "log.sqlite-wal"] {
      let data = try #require(FileManager.default.contents(atPath: folder.file(name)))
      for word in ["zqxsecretword", "vkjhiddenthing"] { #expect(data.range(of: Data(word.utf8)) == nil, "\(name)") }
    }
  }

  /// The checkpoint needs no more room than the files have; the index does.
  @Test func `a redacted text leaves the write-ahead log although the index cannot grow`() throws {
    let log = try SQLiteLog(directory: folder.path)
    try log.finishIndexing()
    let words = (0..<1000).map { number in (0..<8).map { "w\($0)x\(number)" }.joined(separator: " ") }
    try log.store(.said("zqxsecretword"))
    try log.store(words.map { try .said($0) })
    try log.withWriter { (database) throws in
      let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      try database.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
    _ = try log.redact(.lobby, sequence: 1, author: nil)
    func isInWriteAheadLog() throws -> Bool {
      try Data(folder.read("log.sqlite-wal")).range(of: Data("zqxsecretword".utf8)) != nil
    }
    #expect(try isInWriteAheadLog())
    let error = #expect(throws: LogError.self) { try log.catchUp() }
    #expect(error?.cause == .full)
    #expect(try !isInWriteAheadLog())
    try log.withWriter { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    try log.finishIndexing()
    #expect(try log.find("w3x500").messages.count == 1)
    #expect(try folder.findings() == [])
  }

  // MARK: Damage

  /// SQLite refuses to carry the write-ahead log over into a database that is too short.
  @Test(arguments: [false, true])
  func `damage that a checkpoint finds ends storing`(isScrubbing: Bool) throws {
    let log = try SQLiteLog(directory: folder.path)
    try log.store(.said("a"))
    try log.finishIndexing()
    try log.withWriter { (database) throws in
      // Fills the end of the file, so that everything that is read here is before the cut.
      try database.execute(sql: "CREATE TABLE filler (x)")
      try database.execute(sql: "INSERT INTO filler VALUES (zeroblob(2000000))")
      _ = try database.checkpoint(.truncate)
    }
    if isScrubbing {
      try log.withWriter { try $0.execute(sql: "UPDATE log SET scrubbing = \(Scrubbing.Step.empty.rawValue)") }
    } else {
      try log.record([.account(.of("neha"))])
      // Finds no message, but the checkpoint is due at once.
      #expect(try log.redact(.lobby, sequence: 9, author: nil) == nil)
    }
    let file = try #require(FileHandle(forWritingAtPath: folder.file("log.sqlite")))
    let size = try file.seekToEnd()
    try file.truncate(atOffset: size - 250 * 4096)
    let error = #expect(throws: LogError.self) { try log.catchUp() }
    #expect(error?.cause == .corrupt, "\(error?.description ?? "")")
    #expect(error?.description.contains(folder.restoration) == true, "\(error?.description ?? "")")
    // A write would not find it any more.
    try file.truncate(atOffset: size)
    try file.close()
    let refusal = #expect(throws: LogError.self) { try log.store(.said("b")) }
    #expect(refusal?.description.contains("nothing is stored any more") == true)
  }

  @Test func `a commit that leaves a long write-ahead log runs a checkpoint`() throws {
    let log = try SQLiteLog(directory: folder.path, checkpointPages: 20)
    let directory = LogDirectory(path: folder.path)
    let size = LogFileSizes(directory).database
    try log.store((0..<500).map { try .said("\($0) \(String(repeating: "x", count: 400))") })
    #expect(LogFileSizes(directory).database > size)
  }

  /// `CheckpointHook` runs this checkpoint, after a commit that leaves a long write-ahead log.
  @Test func `damage that the checkpoint of a commit finds ends storing`() throws {
    let log = try SQLiteLog(directory: folder.path)
    try log.store(.said("a"))
    try log.finishIndexing()
    let other = try DatabaseQueue(path: folder.file("log.sqlite"))
    try other.inDatabase { (database) throws in
      try database.execute(sql: "PRAGMA wal_autocheckpoint = 0; CREATE TABLE filler (x)")
      try database.execute(sql: "INSERT INTO filler VALUES (zeroblob(2000000))")
      _ = try database.checkpoint(.truncate)
      try database.execute(sql: "INSERT INTO filler VALUES (zeroblob(20000000))")
    }
    let file = try #require(FileHandle(forWritingAtPath: folder.file("log.sqlite")))
    try file.truncate(atOffset: file.seekToEnd() - 250 * 4096)
    try file.close()
    let error = #expect(throws: LogError.self) { try log.store(.said("b")) }
    #expect(error?.cause == .corrupt, "\(error?.description ?? "")")
    let refusal = #expect(throws: LogError.self) { try log.store(.said("c")) }
    #expect(refusal?.description.contains("nothing is stored any more") == true)
  }

  @Test(arguments: ["log.sqlite", "log.sqlite-wal"])
  func `truncating a file under a running server ends storing`(name: String) throws {
    let log = try SQLiteLog(directory: folder.path)
    try log.store((0..<200).map { try .said("text \($0) \(String(repeating: "x", count: 200))") })
    try log.withWriter { _ = try $0.checkpoint(.passive) }
    try log.store(.said("last"))
    let file = try #require(FileHandle(forWritingAtPath: folder.file(name)))
    try file.truncate(atOffset: 8192)
    try file.close()
    for _ in 0..<2 {
      let error = #expect(throws: LogError.self) { try log.store(.said("more")) }
      #expect(error?.cause == .corrupt, "\(error?.description ?? "")")
      #expect(error?.description.contains(folder.restoration) == true, "\(error?.description ?? "")")
    }
    #expect(throws: LogError.self) { try log.record([.account(.of("neha"))]) }
  }

  @Test func `unreadable data ends storing`() throws {
    let log = try SQLiteLog(directory: folder.path)
    try log.store(.said("a"))
    try log.withWriter { try $0.execute(sql: "UPDATE messages SET author = ''") }
    #expect(throws: LogError.self) { try log.latest() }
    let error = #expect(throws: LogError.self) { try log.store(.said("b")) }
    #expect(error?.description.contains("nothing is stored any more") == true)
  }

  /// The database file may be another one, to which the write-ahead log does not belong.
  @Test func `a damaged log is left alone, also when it is closed`() throws {
    let directory = LogDirectory(path: folder.path)
    let sizes: LogFileSizes
    do {
      let log = try SQLiteLog(directory: folder.path)
      try log.store(.said("a"))
      // Finds no message, but the checkpoint is due at once.
      #expect(try log.redact(.lobby, sequence: 9, author: nil) == nil)
      try log.withWriter { try $0.execute(sql: "UPDATE messages SET author = ''") }
      #expect(throws: LogError.self) { try log.latest() }
      #expect(throws: LogError.self) { try log.store(.said("b")) }
      sizes = LogFileSizes(directory)
      #expect(sizes.writeAheadLog > 0)
      let error = #expect(throws: LogError.self) { try log.catchUp() }
      #expect(error?.cause == .corrupt)
      #expect(LogFileSizes(directory) == sizes)
    }
    #expect(LogFileSizes(directory) == sizes)
  }

  @Test func `a log whose damage is found when it is opened is left alone`() throws {
    let log = try SQLiteLog(directory: folder.path)
    try log.store(.said("a"))
    try log.withWriter { try $0.execute(sql: "UPDATE log SET secret = x''") }
    let place = try TemporaryFolder()
    try folder.copy("log.sqlite", to: place)
    try place.remove("log.sqlite-shm")
    let before = LogFileSizes(LogDirectory(path: place.path))
    #expect(before.writeAheadLog > 0)
    // A server that starts also holds a reader, which would hinder the checkpoint.
    let error = #expect(throws: LogError.self) {
      try LogConnections(LogDirectory(path: place.path), busyTimeout: .seconds(1))
    }
    #expect(error?.cause == .corrupt)
    let after = LogFileSizes(LogDirectory(path: place.path))
    #expect(after.database == before.database)
    #expect(after.writeAheadLog >= before.writeAheadLog)
    withExtendedLifetime(log) {}
  }

  @Test func `a checkpoint by another program is not taken for damage`() throws {
    let log = try SQLiteLog(directory: folder.path)
    try log.store((0..<50).map { try .said("\($0)") })
    let other = try DatabaseQueue(path: folder.file("log.sqlite"))
    try other.inDatabase { _ = try $0.checkpoint(.truncate) }
    #expect(try log.store(.said("more")).sequence == 51)
  }

  @Test(arguments: ["UPDATE log SET secret = x''", "UPDATE log SET secret = x'00'", "DELETE FROM log"])
  func `a log without its secret is reported as damaged`(statement: String) throws {
    do {
      let log = try SQLiteLog(directory: folder.path)
      try log.store(.said("a"))
      try log.withWriter { try $0.execute(sql: statement) }
    }
    #expect(try folder.findings().contains { $0.contains("secret") })
  }

  @Test func `without the lock file a second server is still refused`() throws {
    let log = try SQLiteLog(directory: folder.path)
    try FileManager.default.removeItem(atPath: folder.file("lock"))
    let error = #expect(throws: LogError.self) { try SQLiteLog(directory: folder.path) }
    #expect(error?.cause == .locked)
    try log.store(.said("a"))
    // The lock file is written again with its content.
    let place = try TemporaryFolder()
    try folder.copy("lock", to: place)
    try Data().write(to: URL(filePath: place.file("log.sqlite")))
    _ = refusal(place)
  }
}
