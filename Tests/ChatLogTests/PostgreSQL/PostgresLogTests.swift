import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatLog

/// Properties of the log in PostgreSQL that the other logs do not have.
@Suite(.computing) struct PostgresLogTests {
  private let database: PostgresDatabase
  private let log: PostgresLog

  init() throws {
    database = try PostgresServer.shared.get().database()
    log = try PostgresLog(database.logURL)
  }

  @Test func `messages have the time of the database, which never goes back`() throws {
    let before = Timestamp.now()
    let stored = try #require(try log.append([.said("a")], at: .noon).first?.message)
    #expect(stored.time >= before.advanced(by: -1000) && stored.time <= Timestamp.now().advanced(by: 1000))
    let future = Timestamp.now().advanced(by: 3_600_000)
    try database.run("UPDATE swiftchat.log SET last_time = \(future.milliseconds)")
    #expect(try log.append([.said("b")], at: .noon).first?.message?.time == future)
    #expect(try log.latest().last?.time == future)
  }

  @Test func `keys that the log makes are not those of a client`() throws {
    _ = try log.append([.said("a"), .said("a"), .said("a", key: "k")], at: .noon)
    #expect(try log.latest().count == 3)
    let keys = try database.run("SELECT count(DISTINCT cid), min(get_byte(cid, 0)) FROM swiftchat.messages")
    #expect(keys == "3|0")
  }

  /// The log is locked only afterwards.
  @Test func `many acts are encoded for few statements, each act once`() throws {
    let acts = try (0..<10_001).map { try Act.of($0) }
    let slices = EncodedActs(acts + acts).slices
    #expect(slices.count == 2)
    #expect(slices.last?.map(\.bytes) == EncodedActs([acts[10_000]]).slices.first?.map(\.bytes))
    #expect(EncodedActs([]).slices.isEmpty)
  }

  @Test func `reading may stand still for longer than a change`() throws {
    let limit = "SELECT setting::bigint FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'"
    let ofChange = try log.writer.write(.whenStored, "cannot look at") { connection, _ throws(PostgresError) in
      try connection.execute(limit).first?.int(0) ?? 0
    }
    let ofReading = try log.read { connection throws(PostgresError) -> Int in
      try connection.transaction(PostgresState.snapshot) { () throws(PostgresError) -> Int in
        try connection.execute(limit).first?.int(0) ?? 0
      }
    }
    #expect(ofChange == 4000 && ofReading == 60_000)
  }

  @Test func `an erased message is gone from every table`() throws {
    _ = try log.append(
      [.said("geheimnis one"), .said("geheimnis two", kind: .topic), .said("other")], at: .noon)
    try log.finishIndexing()
    let root = try #require(Nickname("root"))
    for sequence in [1, 2] {
      let note = RedactionNote(time: .noon, by: root, member: nil, subject: "#lobby/\(sequence)", reason: "")
      _ = try log.redact(.lobby, sequence: sequence, author: nil, noting: note)
    }
    let left = try database.run(
      """
      SELECT (SELECT count(*) FROM swiftchat.messages WHERE position('geheimnis'::bytea IN text) > 0),
        (SELECT count(*) FROM swiftchat.search WHERE words @@ 'geheimnis'),
        (SELECT count(*) FROM swiftchat.conversations WHERE topic_text IS NOT NULL),
        (SELECT count(*) FROM swiftchat.acts), (SELECT count(*) FROM swiftchat.search)
      """)
    #expect(left == "0|0|0|2|1")
  }

  @Test func `a room deleted by another program goes on in its new row`() throws {
    _ = try log.append([.said("1", in: "#a"), .said("2", in: "#a")], at: .noon)
    let other = try PostgresLog(database.logURL, for: .helper)
    try other.record([.deletion(try #require(RoomName("#a")))])
    #expect(try log.append([.said("3", in: "#a")], at: .noon).first?.message?.sequence == 3)
    #expect(try log.latest(in: .named("#a")).map(\.text) == ["3"])
    #expect(try other.latest(in: .named("#a")).map(\.text) == ["3"])
  }

  @Test func `logs of two programs assign ids and sequences in one order`() throws {
    let other = try PostgresLog(database.logURL, for: .helper)
    for number in 0..<20 {
      let log = number.isMultiple(of: 2) ? log : other
      _ = try log.append([.said("m\(number)"), .said("x", in: "#r\(number % 3)", key: "k\(number)")], at: .noon)
    }
    let read = try log.latest()
    #expect(read.map(\.text) == (0..<20).map { "m\($0)" })
    #expect(read.map(\.sequence) == Array(1...20))
    #expect(try log.lastID() == 40)
    #expect(try other.append([.said("x", in: "#r1", key: "k1")], at: .noon).count == 1)
    #expect(try log.lastID() == 40)
  }

  @Test func `a key that another server uses meanwhile, in a new room, makes a duplicate`() async throws {
    let message = try NewMessage.said("a", in: "#new", key: "k")
    var keys = MessageKeys()
    let group = PostgresAppending(
      messages: [message], keys: [keys.key(of: message)], epoch: log.epochs.number, time: nil, hub: nil)
    let other = try PostgresConnection(database.logURL)
    try other.run("SET idle_in_transaction_session_timeout = 0; BEGIN; SELECT FROM log FOR UPDATE")
    var rows = PostgresConversations()
    let stored = try group.store(other, &rows)?.first?.message
    // However long it takes until the other server commits.
    try log.writer.write(.whenStored, "cannot set up") { connection, _ throws(PostgresError) in
      try connection.run("SET lock_timeout = 0; SET statement_timeout = 0")
      connection.answerPatience = Patience.limit
    }
    // Equal keys in one group are looked up at once.
    async let outcomes = onOwnThread { [log] in try log.append([message, message], at: .noon) }
    let waiting = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    let isWaiting = try await Patience.answer { try database.run("SELECT pid \(waiting)").isEmpty ? nil : true }
    #expect(isWaiting == true)
    try other.run("COMMIT")
    let ids = try await outcomes.map { outcome -> Int? in
      if case .duplicate(let earlier) = outcome { earlier.id } else { nil }
    }
    #expect(stored != nil && ids == [stored?.id, stored?.id])
  }

  @Test func `pruning in small slices removes everything, also the words`() throws {
    for room in 0..<10 {
      _ = try log.append((0..<300).map { try .said("word \($0)", in: "#r\(room)") }, at: .noon)
      if room == 4 { try log.finishIndexing() }
    }
    var left = 3000
    while try log.prune(Retention(count: 7), at: .noon) {
      let now = try #require(Int(database.run("SELECT count(*) FROM swiftchat.messages")))
      #expect(left - now <= 500)
      left = now
    }
    #expect(try (0..<10).allSatisfy { try log.latest(in: .named("#r\($0)")).map(\.sequence) == Array(294...300) })
    #expect(log.prunedMessages == 10 * 293)
    try log.finishIndexing()
    #expect(try database.run("SELECT count(*) FROM swiftchat.search") == "70")
    try log.record([.deletion(try #require(RoomName("#r3")))])
    try log.finishPruning(Retention())
    #expect(try database.run("SELECT count(*) FROM swiftchat.messages") == "63")
  }

  @Test func `read marks that have not moved for a year are removed`() throws {
    _ = try log.append([.said("a"), .said("a", in: "#two")], at: .noon)
    let me = try MemberID.named("neha")
    for room in ["#lobby", "#two"] {
      try log.keep([ReadMark(member: me, conversation: .named(room), sequence: 1)])
    }
    try log.finishPruning(Retention(), at: .now())
    #expect(try log.state(of: me).marks.count == 2)
    try database.run(
      """
      UPDATE swiftchat.marks SET updated = updated - 367 WHERE conversation =
        (SELECT id FROM swiftchat.conversations WHERE room_key = '#lobby')
      """)
    try log.finishPruning(Retention(), at: .now())
    #expect(try log.state(of: me).marks == [.named("#two"): 1])
  }

  @Test func `one program at a time does maintenance`() throws {
    _ = try log.append([.said("word")], at: .noon)
    let other = try PostgresConnection(database.logURL)
    try other.run("SELECT pg_advisory_lock(\(PostgresSchema.Lock.maintenance.rawValue))")
    #expect(try log.catchUp(isUrgent: false) == DeferredWork(hasMore: false, indexed: nil))
    #expect(try !log.prune(Retention(count: 0), at: .noon))
    #expect(try log.latest().count == 1)
    #expect(try log.find("word").messages.count == 1)
    try other.run("SELECT pg_advisory_unlock_all()")
    try log.finishIndexing()
    try log.finishPruning(Retention(count: 0))
    #expect(try log.latest().count == 0)
  }

  @Test func `a log whose index is complete is not read to find that out`() throws {
    try database.run(
      """
      INSERT INTO swiftchat.messages (id, conversation, sequence, member, time, kind, author, text, cid)
        SELECT n, 1, n, 1, n, 0, 'neha', ''::bytea, int8send(n) FROM generate_series(1::bigint, 20000) n;
      UPDATE swiftchat.indexing SET indexed_through = 20000; ANALYZE swiftchat.messages
      """)
    let plan = try database.run("SET search_path = swiftchat; EXPLAIN \(PostgresIndex.isBehindQuery)")
    #expect(plan.contains("messages_pkey") && !plan.contains("Seq Scan on messages"), "\(plan)")
    #expect(try !log.catchUp())
  }

  @Test func `words that are too long for the database are found`() throws {
    let long = String(repeating: "ä", count: 3000)
    _ = try log.append([.said("before \(long)1 after"), .said("\(long)2")], at: .noon)
    try log.finishIndexing()
    #expect(try log.find("\"\(long)1\"").messages.map(\.sequence) == [1])
    #expect(try log.find(long).messages.map(\.sequence) == [2, 1])
    #expect(try log.find("bef after").messages.map(\.sequence) == [])
    #expect(try log.find("before aft").messages.map(\.sequence) == [1])
  }

  @Test(arguments: SeededGenerator.seeds(6))
  func `memory and database have the same registry`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let memory = MemoryLog()
    for _ in 0..<40 {
      let changes = try (0..<generator.number(0...8)).map { _ in try RegistryChange.random(using: &generator) }
      try memory.record(changes)
      try log.record(changes)
      #expect(try memory.registry() == log.registry(), "\(generator)")
      #expect(try memory.acts(limit: .max) == log.acts(limit: .max), "\(generator)")
    }
  }

  @Test(arguments: [
    ("53100", LogError.Cause.full), ("53300", .unreachable), ("57P03", .unreachable), ("28P01", .misconfigured),
    ("28000", .misconfigured), ("3D000", .misconfigured), ("57014", .interrupted), ("25006", .unreachable),
    ("25P03", .unreachable),
    ("42501", .readOnly), ("55P03", .locked), ("08006", .unreachable), ("XX001", .corrupt), ("22012", .other),
  ])
  func `errors of the database have a cause`(state: String, cause: LogError.Cause) {
    #expect(LogError(PostgresError(state: state, message: "m"), "cannot store in", database.logURL).cause == cause)
  }
}
