import ChatProtocol
import ChatRecords
import Foundation
import TestSupport
import Testing

@testable import ChatLog

/// Copying a log on a disk into a database.
@Suite(.computing) struct LogImportTests {
  private let folder: TemporaryFolder
  private let database: PostgresDatabase

  init() throws {
    folder = try TemporaryFolder()
    database = try PostgresServer.shared.get().database()
  }

  /// A log with a bit of everything.
  private func fill(_ seed: UInt64 = 7) throws {
    var generator = SeededGenerator(seed: seed)
    for run in 0..<3 {
      let log = try SQLiteLog(directory: folder.path, now: { .noon })
      for number in 0..<40 {
        try log.store(
          .said(number == 5 ? "a\u{0}b\ndisk" : "disk \(number) größe", by: "p\(number % 3)", in: "#Größe\(number % 4)")
        )
        try log.store(.whispered("psst \(number)", by: "neha", to: "p\(number % 5)"))
      }
      try log.store([.said("topic\u{0}", kind: .topic), .said("keyed", key: "k\(run)")])
      _ = try log.redact(.named("#größe1"), sequence: 2, author: nil)
      try log.keep([ReadMark(member: .named("neha"), conversation: .lobby, sequence: run + 1)])
      try log.record((0..<20).map { _ in try RegistryChange.random(using: &generator) })
      try log.record([.deletion(#require(RoomName("#größe3")))])
      try log.store(.said("after", in: "#größe3"))
      try log.finishPruning(Retention(count: 25))
      try log.finishIndexing()
    }
  }

  private func compare(_ one: any MessageLog, _ other: any MessageLog) throws {
    let rooms = try one.rooms()
    #expect(try other.rooms() == rooms)
    for room in rooms { #expect(try other.latest(in: .room(room.name)) == one.latest(in: .room(room.name))) }
    for name in ["neha", "p0", "p1", "p4", "nobody"] {
      let state = try one.state(of: .named(name))
      #expect(try other.state(of: .named(name)) == state)
      for correspondent in state.correspondents {
        let pair = Conversation.pair(Conversation.Pair(try .named(name), correspondent.member))
        #expect(try other.latest(in: pair) == one.latest(in: pair))
      }
    }
    #expect(try other.registry() == one.registry())
    #expect(try other.acts(limit: .max) == one.acts(limit: .max))
    #expect(try other.lastID() == one.lastID())
    #expect(other.secret == one.secret)
    for query in ["disk", "größe from:p1", "gro"] {
      let all = rooms.map { Conversation.room($0.name) }
      #expect(try other.find(query, in: all, limit: 500) == one.find(query, in: all, limit: 500), "\(query)")
    }
  }

  /// Leaves an import that was interrupted after 50 messages.
  private func beginImport() throws {
    let connection = try PostgresConnection(database.logURL)
    try PostgresSchema.migrate(connection, database.logURL)
    try connection.run("CREATE TABLE import (secret bytea NOT NULL, directory text NOT NULL)")
    let source = try LogConnections(LogDirectory(path: folder.path), busyTimeout: .seconds(1))
    try connection.execute("INSERT INTO import VALUES ($1, 'd')", [.bytes(source.secret)])
    try ImportedMessage.write(ImportedMessage.read(after: 0, limit: 50, from: source), to: connection)
  }

  @Test func `everything is copied, and the log goes on`() throws {
    try fill()
    var steps: [Int] = []
    let summary = try LogImport(from: folder.path, to: database.logURL).run { copied, all in
      steps.append(copied)
      #expect(copied <= all)
    }
    #expect(steps.last == summary.messages && summary.checksum != 0)
    #expect(LogFileSizes(LogDirectory(path: folder.path)).writeAheadLog == 0)
    let disk = try SQLiteLog(directory: folder.path)
    let log = try PostgresLog(database.logURL, clock: .caller(now: { .noon }))
    #expect(try log.find("disk").messages == disk.find("disk").messages)
    try log.finishIndexing()
    try compare(disk, log)
    #expect(log.epochs.number == disk.epochs.number)
    for log in [disk, log] as [any MessageLog] {
      guard case .duplicate = try log.append([.said("keyed", key: "k2")], at: .noon).first else {
        Issue.record("a key of a client was not copied")
        return
      }
      try log.store(.said("next", in: "#größe3"))
      try log.store(.said("first", in: "#new"))
    }
    try compare(disk, log)
  }

  @Test func `an import that was interrupted goes on, and no server starts meanwhile`() throws {
    try fill()
    try beginImport()
    let error = #expect(throws: LogError.self) { try PostgresLog(database.logURL) }
    #expect(error.map { "\($0)" }?.contains("has not ended") == true)
    var steps: [Int] = []
    let summary = try LogImport(from: folder.path, to: database.logURL).run { copied, _ in steps.append(copied) }
    #expect(steps == [summary.messages] && summary.messages > 50)
    try compare(SQLiteLog(directory: folder.path), PostgresLog(database.logURL))
  }

  @Test func `an import has no time limits of a server`() throws {
    try fill()
    let copying = try LogImport(from: folder.path, to: database.logURL)
    let limits = try copying.connection.execute(
      """
      SELECT setting::bigint FROM pg_settings
      WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name
      """
    ).map { $0.int(0) }
    #expect(limits == [600_000, 0, 0])
    #expect(copying.connection.answerPatience > PostgresConnection.patience)
  }

  @Test func `an import is complete although its tables cannot be analyzed`() throws {
    try fill()
    do {
      let copying = try LogImport(from: folder.path, to: database.logURL)
      // The expression of an index, which only ANALYZE cannot compute.
      try database.run(
        """
        CREATE FUNCTION swiftchat.fail(id bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$
          BEGIN
            IF current_query() = 'ANALYZE' THEN RAISE 'no'; END IF;
            RETURN id;
          END $$;
        CREATE INDEX ON swiftchat.messages (swiftchat.fail(id))
        """)
      #expect(try copying.run { _, _ in }.messages > 0)
      #expect(throws: PostgresError.self) { try PostgresConnection(database.logURL).run("ANALYZE") }
    }
    try compare(SQLiteLog(directory: folder.path), PostgresLog(database.logURL))
  }

  @Test func `a change since the import began is noticed`() throws {
    try fill()
    try beginImport()
    try database.run("UPDATE swiftchat.messages SET text = 'x' WHERE id = (SELECT min(id) FROM swiftchat.messages)")
    let directory = LogDirectory(path: folder.path)
    let before = LogFileSizes(directory)
    #expect(before.writeAheadLog > 0)
    let error = #expect(throws: LogError.self) { try LogImport(from: folder.path, to: database.logURL).run { _, _ in } }
    #expect(error.map { "\($0)" }?.contains("are not those of") == true)
    #expect(LogFileSizes(directory).writeAheadLog >= before.writeAheadLog)
    #expect(throws: LogError.self) { try PostgresLog(database.logURL) }
  }

  /// The database may be another file, to which the write-ahead log does not belong.
  /// - Parameter isLong: whether a commit of the import would run a checkpoint.
  @Test(arguments: [false, true])
  func `a log that proves to be damaged while it is imported is left alone`(isLong: Bool) throws {
    let place = try TemporaryFolder.damagedLog(hasLongWriteAheadLog: isLong)
    let directory = LogDirectory(path: place.path)
    let (contents, sizes) = (try place.read("log.sqlite"), LogFileSizes(directory))
    #expect(sizes.writeAheadLog > 0)
    let error = #expect(throws: LogError.self) { try LogImport(from: place.path, to: database.logURL).run { _, _ in } }
    #expect(error?.cause == .corrupt, "\(error?.description ?? "")")
    let isUnchanged = try place.read("log.sqlite") == contents
    #expect(isUnchanged)
    #expect(LogFileSizes(directory).writeAheadLog >= sizes.writeAheadLog)
  }

  @Test(arguments: [true, false])
  func `a log that lacks what was stored is refused, and no tables are made in it`(isEmptied: Bool) throws {
    try fill()
    let (database, log) = (folder.file("log.sqlite"), try SQLiteLog(directory: folder.path))
    try log.withWriter { _ = try $0.checkpoint(.truncate) }
    let earlier = try isEmptied ? Data() : Data(contentsOf: URL(filePath: database))
    try log.store(.said("late"))
    let place = try TemporaryFolder()
    try folder.copy("lock", to: place)
    try earlier.write(to: URL(filePath: place.file("log.sqlite")))
    let error = #expect(throws: LogError.self) { try LogImport(from: place.path, to: self.database.logURL) }
    #expect(error?.cause == .vanished, "\(error?.description ?? "")")
    #expect(try Data(contentsOf: URL(filePath: place.file("log.sqlite"))) == earlier)
    withExtendedLifetime(log) {}
  }

  @Test func `a log that is in use, or that is there already, is refused`() throws {
    do {
      let log = try SQLiteLog(directory: folder.path)
      try log.store(.said("a"))
      #expect(throws: LogError.self) { try LogImport(from: folder.path, to: database.logURL) }
    }
    do {
      let log = try PostgresLog(database.logURL)
      #expect(throws: LogError.self) { try LogImport(from: folder.path, to: database.logURL).run { _, _ in } }
      _ = try log.append([.said("b")], at: .noon)
    }
    let error = #expect(throws: LogError.self) { try LogImport(from: folder.path, to: database.logURL).run { _, _ in } }
    #expect(error.map { "\($0)" }?.contains("has a log already") == true)
    #expect(try PostgresLog(database.logURL).latest().map(\.text) == ["b"])
    #expect(throws: LogError.self) { try LogImport(from: folder.file("nothing"), to: database.logURL) }
  }
}
