import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatLog

/// Reading for which nobody waits, and statements that must not read whole tables.
@Suite(.blocking) struct PostgresReadingTests {
  private let database: PostgresDatabase
  private let log: PostgresLog

  init() throws {
    database = try PostgresServer.shared.get().database()
    log = try PostgresLog(database.logURL, clock: .caller(now: { .noon }))
  }

  // MARK: Time limits

  @Test func `the first reading of a node may take longer than a page`() throws {
    _ = try log.append([.said("a")], at: .noon)
    // A view whose condition is evaluated once for each statement.
    try database.run(
      """
      CREATE FUNCTION swiftchat.check_limit() RETURNS boolean STABLE LANGUAGE plpgsql AS $$ BEGIN
        IF current_setting('statement_timeout') <> '1min' THEN RAISE 'limited'; END IF;
        RETURN true;
      END $$;
      ALTER TABLE swiftchat.conversations RENAME TO all_conversations;
      CREATE VIEW swiftchat.conversations AS SELECT * FROM swiftchat.all_conversations WHERE swiftchat.check_limit();
      ALTER TABLE swiftchat.sanctions RENAME TO all_sanctions;
      CREATE VIEW swiftchat.sanctions AS SELECT * FROM swiftchat.all_sanctions WHERE swiftchat.check_limit()
      """)
    #expect(try log.begin("host:4000").rooms.count == 1)
    #expect(try log.rooms().count == 1)
    #expect(try log.registry().sanctions.isEmpty)
    let error = #expect(throws: LogError.self) { try log.state(of: .named("neha")) }
    #expect(error.map { "\($0)" }?.contains("limited") == true)
  }

  @Test func `a connection waits longer for an answer while it reads patiently, and not afterwards`() throws {
    let connection = try PostgresConnection(database.logURL)
    let patience = try connection.readPatiently { () throws(PostgresError) -> Duration in connection.answerPatience }
    #expect(patience > PostgresConnection.readingPatience)
    #expect(throws: PostgresError.self) {
      try connection.readPatiently { () throws(PostgresError) in try connection.run("no statement") }
    }
    #expect(connection.answerPatience == PostgresConnection.patience)
    let limit = try connection.execute("SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'")
    #expect(limit.first?.int(0) == PostgresConnection.statementTimeout)
  }

  @Test func `the lease of a node that begins outlasts its first reading`() throws {
    _ = try log.begin("host:4000")
    let statements = 13
    let lease = try #require(try log.nodes().first?.lease)
    #expect(lease > PostgresConnection.readingPatience * statements)
  }

  @Test func `a node whose first reading fails leaves at once`() throws {
    try database.run("ALTER TABLE swiftchat.sanctions RENAME TO gone")
    #expect(throws: LogError.self) { try log.begin("host:4000") }
    #expect(try log.nodes().isEmpty)
  }

  @Test func `a node that can neither read nor leave ends when the next one of its process begins`() throws {
    try database.run(
      """
      CREATE FUNCTION swiftchat.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
      CREATE TRIGGER refuse BEFORE DELETE ON swiftchat.nodes EXECUTE FUNCTION swiftchat.refuse();
      ALTER TABLE swiftchat.sanctions RENAME TO gone
      """)
    #expect(throws: LogError.self) { try log.begin("host:4000") }
    #expect(try log.nodes().count == 1)
    try database.run("DROP TRIGGER refuse ON swiftchat.nodes; ALTER TABLE swiftchat.gone RENAME TO sanctions")
    // A server opens the log anew at each attempt.
    let next = try PostgresLog(database.logURL)
    let hub = try next.begin("host:4000").hub
    #expect(try next.nodes().map(\.hub) == [hub])
  }

  // MARK: Plans

  /// The plan of a statement if each table may only be read, and sorted, where there is no other way.
  private func plan(_ statement: String, _ types: String, _ values: String) throws -> String {
    try database.run(
      """
      SET search_path = swiftchat; SET enable_seqscan = off; SET enable_sort = off;
      PREPARE explained (\(types)) AS \(statement); EXPLAIN EXECUTE explained (\(values))
      """)
  }

  @Test func `a slice of a room's export is read in its order`() throws {
    let plan = try plan(PostgresArchive.roomQuery, "bigint, text", "0, '#lobby'")
    #expect(plan.contains("messages_place") && !plan.contains("Sort"), "\(plan)")
  }

  @Test func `a slice of changes is pruned without reading those that stay`() throws {
    let count = 50_000
    try database.run(
      """
      INSERT INTO swiftchat.changes (id, node, time, body)
        SELECT n, 0, (extract(epoch FROM now()) * 1000)::bigint, '[]'::bytea FROM generate_series(1, \(count)) n;
      ANALYZE swiftchat.changes
      """)
    let plan = try database.run(
      """
      SET search_path = swiftchat; PREPARE explained (bigint, bigint) AS \(PostgresFeed.pruning);
      EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE explained (3600000, 1)
      """)
    let filter = "Rows Removed by Filter: "
    #expect(plan.contains("\(filter)10\n") && !plan.contains("\(filter)\(count)"), "\(plan)")
  }

  @Test func `an account is stored without reading the keys of all others`() throws {
    let plan = try plan(PostgresAccounts.keyDeletion, "bigint[], bytea[]", #"'{1,2}', '{"\\x00"}'"#)
    #expect(plan.contains("account_keys_place") && !plan.contains("Seq Scan"), "\(plan)")
  }

  @Test func `an export of a room has each message once, in order, also if the first ones go meanwhile`() throws {
    let count = 1500
    for start in stride(from: 0, to: count, by: 250) {
      _ = try log.append((start..<(start + 250)).map { try .said("\($0)", in: "#Long") }, at: .noon)
      _ = try log.append([.said("between")], at: .noon)
    }
    let archive = try PostgresArchive(database.logURL)
    let selection = LogArchive.Selection(room: RoomName("#long"))
    var exported: [StoredMessage] = []
    try archive.export(selection) { message in
      if message.sequence == 1000 { try log.finishPruning(Retention(count: 100)) }
      exported.append(message)
      return true
    }
    #expect(exported.map(\.sequence) == Array(1...1000) + Array(1401...1500))
    // The name is that of the log, not that of the selection.
    let names = exported.map { message in
      if case .room(let room) = message.conversation { room.text } else { "" }
    }
    #expect(Set(names) == ["#Long"])
  }
}
