import ChatProtocol
import ChatRecords
import Foundation
import TestSupport
import Testing

@testable import ChatLog

/// Opening a log in a database: tables, versions, rights, and one server at a time.
@Suite(.blocking) struct PostgresOpeningTests {
  private let database: PostgresDatabase

  init() throws { database = try PostgresServer.shared.get().database() }

  private func refusal(_ user: PostgresLog.User = .node, as name: String = "swiftchat") throws -> LogError {
    try #require(#expect(throws: LogError.self) { try PostgresLog(database.url(as: name), for: user) })
  }

  /// A user who owns nothing in the database.
  private func makeUser(_ name: String) throws {
    try database.run(
      "DO $$ BEGIN CREATE ROLE \(name) LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$")
  }

  @Test func `programs that create the tables at the same moment create them once`() async throws {
    let url = database.logURL
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask { try await onOwnThread { try PostgresSchema.migrate(PostgresConnection(url), url) } }
      }
      try await group.waitForAll()
    }
    #expect(try database.run("SELECT count(*), min(schema) FROM swiftchat.log") == "1|\(PostgresSchema.version)")
    _ = try PostgresLog(url)
  }

  @Test func `a database of a later version is refused and left as it is`() throws {
    do { try PostgresLog(database.logURL).store(.said("a")) }
    try database.run("UPDATE swiftchat.log SET schema = 99")
    for user in [PostgresLog.User.node, .helper] {
      let error = try refusal(user)
      #expect(error.cause == .tooNew)
      #expect("\(error)".contains("was written by a later version of swiftchat (its schema is 99"), "\(error)")
    }
    let error = #expect(throws: LogError.self) { try PostgresLog.check(database.logURL) }
    #expect(error?.cause == .tooNew)
    try database.run(
      "UPDATE swiftchat.log SET schema = \(PostgresSchema.version); UPDATE swiftchat.indexing SET text_rule = 99")
    for user in [PostgresLog.User.node, .helper] {
      let error = try refusal(user)
      #expect(error.cause == .tooNew)
      #expect("\(error)".contains("compares names and words by another rule"), "\(error)")
    }
    #expect(try database.run("SELECT text_rule FROM swiftchat.indexing") == "99")
    #expect(try database.run("SELECT count(*) FROM swiftchat.epochs") == "1")
  }

  @Test func `a schema of another program is refused and left as it is`() throws {
    try database.run("CREATE SCHEMA swiftchat; CREATE TABLE swiftchat.log (a int)")
    #expect(try refusal().cause == .corrupt)
    #expect(throws: LogError.self) { try PostgresLog.check(database.logURL) }
    #expect(try database.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'swiftchat'") == "1")
  }

  @Test func `a helper does not create a log`() throws {
    #expect("\(try refusal(.helper))".contains("there is no log in it"))
    #expect(try database.run("SELECT count(*) FROM pg_namespace WHERE nspname = 'swiftchat'") == "0")
  }

  @Test func `a user without rights is told what is lacking`() throws {
    try makeUser("stranger")
    let stranger = database.url(as: "stranger") as PostgresURL
    let error = try refusal(as: "stranger")
    #expect(error.cause == .misconfigured)
    #expect("\(error)".contains("GRANT CREATE ON DATABASE"), "\(error)")
    let unchecked = #expect(throws: LogError.self) { try PostgresLog.check(stranger) }
    #expect("\(unchecked.map { "\($0)" } ?? "")".contains("may not create the schema"))
    // An administrator may create the schema for it.
    try database.run("CREATE SCHEMA swiftchat AUTHORIZATION stranger")
    try PostgresLog.check(stranger)
    do { try PostgresLog(stranger).store(.said("a")) }
    try PostgresLog.check(stranger)
    try database.run(
      "REVOKE INSERT ON swiftchat.messages FROM stranger; ALTER TABLE swiftchat.messages OWNER TO swiftchat")
    try database.run("GRANT SELECT ON swiftchat.messages TO stranger")
    let denied = #expect(throws: LogError.self) { try PostgresLog.check(stranger) }
    #expect("\(denied.map { "\($0)" } ?? "")".contains("may not read and change the table swiftchat.messages"))
    let log = try PostgresLog(stranger)
    let refused = #expect(throws: LogError.self) { try log.append([.said("b")], at: .noon) }
    #expect(refused?.cause == .readOnly)
  }

  @Test func `checking a database changes nothing`() throws {
    try PostgresLog.check(database.logURL)
    #expect(try database.run("SELECT count(*) FROM pg_namespace WHERE nspname = 'swiftchat'") == "0")
  }

  @Test func `a database of another encoding is refused`() throws {
    let server = database.server
    try server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'", in: "postgres")
    let url = try #require(PostgresURL("postgresql://swiftchat@/latin?host=\(server.directory)"))
    for attempt in [{ _ = try PostgresLog(url) }, { try PostgresLog.check(url) }] as [() throws -> Void] {
      let error = #expect(throws: LogError.self) { try attempt() }
      #expect(error?.cause == .misconfigured)
      #expect(error.map { "\($0)" }?.contains("ENCODING 'UTF8'") == true)
    }
  }

  @Test func `a server that starts waits for a primary`() throws {
    let name = database.name
    try database.server.run("ALTER DATABASE \(name) SET default_transaction_read_only = on", in: "postgres")
    let error = try refusal()
    #expect(error.cause == .unreachable && "\(error)".contains("as a standby is"), "\(error)")
    try database.server.run("ALTER DATABASE \(name) RESET default_transaction_read_only", in: "postgres")
  }

  @Test func `a change during which the server stood still is made over another connection`() throws {
    let (log, database) = (try PostgresLog(database.logURL), database)
    var attempts = 0
    let process = try log.writer.write(.whenStored, "cannot try") { connection, _ throws(PostgresError) in
      attempts += 1
      let process = try connection.execute("SELECT pg_backend_pid()::bigint").first?.int(0) ?? 0
      guard attempts == 1 else { return process }
      try connection.run("SET LOCAL idle_in_transaction_session_timeout = 1")
      let isThere = "SELECT count(*) FROM pg_stat_activity WHERE pid = \(process)"
      while (try? database.run(isThere)) != "0" { sched_yield() }
      try connection.run("SELECT 1")
      return 0
    }
    #expect(attempts == 2 && process > 0)
    #expect(try log.append([.said("a")], at: .noon).first?.message?.sequence == 1)
  }

  @Test func `a connection to a standby is not kept`() throws {
    let log = try PostgresLog(database.logURL)
    for number in 1...2 {
      try log.writer.write(.whenStored, "cannot set") { connection, _ throws(PostgresError) in
        try connection.run("SET default_transaction_read_only = on")
      }
      #expect(try log.append([.said("a")], at: .noon).first?.message?.sequence == number)
    }
  }

  // MARK: Epochs

  /// The next server that opens the log finds another history.
  private func changeHistory() throws { try database.run("UPDATE swiftchat.epochs SET origin = 'another'") }

  @Test func `each change of the history begins an epoch, and none by a helper`() throws {
    let first = try PostgresLog(database.logURL).epochs
    try changeHistory()
    #expect(try PostgresLog(database.logURL, for: .helper).epochs.current == first.current)
    let second = try PostgresLog(database.logURL).epochs
    #expect((first.number, second.number) == (1, 2))
    try changeHistory()
    let third = try PostgresLog(database.logURL).epochs
    #expect(third.number == 3)
    #expect([first, second].map { third.number(of: $0.current) } == [1, 2])
  }

  @Test func `nodes have one epoch, until the log is restored from a dump`() throws {
    func open() throws -> PostgresLog { try PostgresLog(database.logURL, for: .node) }
    let running = try open()
    let first = running.epochs
    let state = try running.begin("chat:4000")
    _ = try running.renewLease(received: state.place)
    #expect(try running.entries(after: state.place, waiting: .zero) == [])
    #expect(try open().epochs == first)
    // A restored table is another one, in the same cluster.
    try database.run(
      """
      CREATE TABLE swiftchat.restored (LIKE swiftchat.log INCLUDING ALL);
      INSERT INTO swiftchat.restored SELECT * FROM swiftchat.log; DROP TABLE swiftchat.log;
      ALTER TABLE swiftchat.restored RENAME TO log
      """)
    let second = try open().epochs
    #expect(second.current != first.current && second.number == first.number + 1)
    #expect(try open().epochs == second)
    // A node that was connected before ends, also if it only reads.
    try database.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    func cause(_ body: () throws -> Void) -> LogError.Cause? {
      (#expect(throws: LogError.self) { try body() })?.cause
    }
    // The loss of the connection is noticed first.
    _ = try? running.renewLease(received: state.place)
    #expect(cause { _ = try running.renewLease(received: state.place) } == .nodeEnded)
    _ = try? running.entries(after: state.place, waiting: .zero)
    #expect(cause { _ = try running.entries(after: state.place, waiting: .zero) } == .nodeEnded)
  }

  @Test func `a log knows the heads of conversations at the end of earlier epochs`() throws {
    do {
      let log = try PostgresLog(database.logURL)
      for message in try [.said("1"), .said("2"), .whispered("a", by: "neha", to: "akash")] as [NewMessage] {
        _ = try log.append([message], at: .noon)
      }
    }
    try changeHistory()
    _ = try PostgresLog(database.logURL)
    try changeHistory()
    _ = try PostgresLog(database.logURL).append([.said("3"), .said("1", in: "#two")], at: .noon)
    try changeHistory()
    let log = try PostgresLog(database.logURL)
    _ = try log.append([.said("4"), .said("5"), .whispered("b", by: "akash", to: "neha")], at: .noon)
    let rooms = try log.rooms()
    #expect((0...5).map { rooms[0].heads.head(atEndOf: $0, now: 5) } == [0, 2, 2, 3, 5, 5])
    #expect((0...5).map { rooms[1].heads.head(atEndOf: $0, now: 1) } == [0, 0, 0, 1, 1, 1])
    let pair = try #require(log.state(of: .named("neha")).correspondents.first)
    #expect((0...5).map { pair.heads.head(atEndOf: $0, now: 2) } == [0, 1, 1, 1, 2, 2])
  }

  @Test func `old heads of epochs are removed`() throws {
    let count = EpochHeads.capacity + 2
    for number in 1...count {
      _ = try PostgresLog(database.logURL).append([.said("\(number)")], at: .noon)
      try changeHistory()
    }
    let heads = try PostgresLog(database.logURL, for: .helper).rooms()[0].heads
    #expect(heads.beginnings.count == EpochHeads.capacity)
    #expect(heads.head(atEndOf: 1, now: count) == nil)
    #expect(heads.head(atEndOf: 10, now: count) == 10)
  }

  @Test func `an older copy in place of the log of a running server ends storing`() throws {
    let log = try PostgresLog(database.logURL)
    _ = try log.append([.said("1")], at: .noon)
    try database.run(
      """
      DELETE FROM swiftchat.messages; UPDATE swiftchat.log SET last_id = 0; UPDATE swiftchat.conversations SET head = 0;
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = '\(database.name)' AND pid <> pg_backend_pid()
      """)
    for _ in 0..<2 {
      let error = #expect(throws: LogError.self) { try log.append([.said("2")], at: .noon) }
      #expect(error?.cause == .nodeEnded)
    }
  }
}
