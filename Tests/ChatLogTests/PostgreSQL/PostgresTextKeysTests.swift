import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatLog

/// Migration of databases whose name and word keys follow an earlier rule.
@Suite(.blocking) struct PostgresTextKeysTests {
  private let database: PostgresDatabase

  init() throws { database = try PostgresServer.shared.get().database() }

  /// Changes a database of this version to what the first version may have left. Its rule kept the composition of a name
  /// that was typed in lower case.
  private func goBack(_ sql: String = "") throws {
    try database.run(
      """
      DROP FUNCTION swiftchat.check_text_rule_1 CASCADE;
      UPDATE swiftchat.log SET schema = 1; UPDATE swiftchat.indexing SET text_rule = 2; \(sql)
      """)
  }

  private func version() throws -> String {
    try database.run("SELECT schema || ' ' || text_rule FROM swiftchat.log, swiftchat.indexing")
  }

  private let present = "\(PostgresSchema.version) \(TextRule.version)"

  private func open() throws -> PostgresLog { try PostgresLog(database.logURL, clock: .caller(now: { .noon })) }

  private func sanctions(_ log: PostgresLog) throws -> Set<String> {
    Set(try log.registry().sanctions.map { "\($0.kind) \($0.subject.text) \($0.reason)" })
  }

  @Test func `the keys of an earlier rule are rewritten, and the index is filled again`() throws {
    do {
      let log = try open()
      try log.record([
        .account(.of("jos\u{e9}", keys: [1])), .account(.of("Zo\u{eb}", keys: [2])),
        .sanction(.of(.ban, "@jos\u{e9}", until: .noon)), .sanction(.of(.ban, "@other", reason: "for ever")),
        .sanction(.of(.mute, "@jos\u{e9}")), .sanction(.of(.ban, "192.0.2.7")),
        .room(.of("#caf\u{e9}", owner: "neha", guests: ["akash"])),
      ])
      _ = try log.append(
        [.said("one", by: "jos\u{e9}"), .said("two", by: "Jos\u{e9}"), .said("three", in: "#caf\u{e9}")], at: .noon)
      try log.finishIndexing()
    }
    try goBack(
      """
      UPDATE swiftchat.accounts SET name_key = normalize(name_key, NFC) WHERE name_key LIKE 'jos%';
      UPDATE swiftchat.sanctions SET subject_key = normalize(subject_key, NFC) WHERE subject_key LIKE '@jos%';
      UPDATE swiftchat.sanctions SET subject = '@Jos' || chr(233), subject_key = '@jose' || chr(769)
        WHERE subject = '@other';
      UPDATE swiftchat.conversations SET room_key = normalize(room_key, NFC) WHERE room_key LIKE '#caf%';
      UPDATE swiftchat.room_rules SET room_key = normalize(room_key, NFC);
      UPDATE swiftchat.room_guests SET room_key = normalize(room_key, NFC);
      UPDATE swiftchat.search SET words = array_to_tsvector(ARRAY['old', '_s0', '_l0', '_c1'])
      """)
    // Tools read the database as it is.
    #expect(try sanctions(PostgresLog(database.logURL, for: .helper)).count == 4)
    try PostgresLog.check(database.logURL)
    #expect(try version() == "1 2")
    do {
      let log = try open()
      #expect(try version() == present)
      #expect(try sanctions(log) == ["ban @Jos\u{e9} for ever", "mute @jos\u{e9} ", "ban 192.0.2.7 "])
      #expect(try log.registry().accounts.map(\.name.text).sorted() == ["Zo\u{eb}", "jos\u{e9}"])
      #expect(try log.registry().rooms.first?.guests == [.named("akash")])
      for (table, key) in [
        ("accounts", "name_key"), ("sanctions", "subject_key"), ("conversations", "room_key"),
        ("room_rules", "room_key"), ("room_guests", "room_key"),
      ] {
        let sql = "SELECT count(*) FROM swiftchat.\(table) WHERE \(key) <> normalize(\(key), NFD)"
        #expect(try database.run(sql) == "0", "\(table)")
      }
      #expect(try log.latest(in: .named("#CAFE\u{301}")).map(\.text) == ["three"])
      for isIndexed in [false, true] {
        if isIndexed { try log.finishIndexing() }
        for name in ["Jos\u{e9}", "jos\u{e9}"] {
          #expect(try log.find("from:\(name)").messages.map(\.text) == ["two", "one"], "\(isIndexed)")
        }
        #expect(try log.find("old").messages == [])
        #expect(try log.find("on:2026-11-22").messages.count == 2)
      }
      #expect(try database.run("SELECT count(*) FROM swiftchat.search") == "3")
      let name = try #require(Nickname("jos\u{e9}"))
      try log.record(Sanction.Kind.allCases.map { .pardon($0, .name(name)) })
    }
    // The index stays when the next server starts.
    let log = try open()
    #expect(try sanctions(log) == ["ban 192.0.2.7 "])
    #expect(try database.run("SELECT count(*) FROM swiftchat.search") == "3")
  }

  @Test func `more keys than one statement changes are rewritten`() throws {
    do { _ = try PostgresLog(database.logURL) }
    let count = PostgresTextKeys.slice + 10
    try goBack(
      """
      INSERT INTO swiftchat.accounts (member, name, name_key, operator, created)
        SELECT n, chr(233) || n, chr(233) || n, false, 0 FROM generate_series(1, \(count)) n;
      INSERT INTO swiftchat.sanctions (kind, subject_key, subject, until, author, reason, blocks)
        SELECT 'ban', '@' || chr(233) || n, '@' || chr(233) || n, NULL, 'root', '', '' FROM generate_series(1, \(count)) n;
      INSERT INTO swiftchat.sanctions (kind, subject_key, subject, until, author, reason, blocks)
        SELECT 'ban', '@e' || chr(769) || n, '@' || chr(201) || n, 0, 'root', '', '' FROM generate_series(1, \(count)) n
      """)
    let registry = try PostgresLog(database.logURL).registry()
    #expect(registry.accounts.count == count && registry.sanctions.count == count)
    #expect(registry.sanctions.allSatisfy { $0.until == nil })
    let changed = try database.run(
      """
      SELECT (SELECT count(*) FROM swiftchat.accounts WHERE name_key = 'e' || chr(769) || member),
        (SELECT count(*) FROM swiftchat.sanctions WHERE subject_key = normalize(subject, NFD))
      """)
    #expect(changed == "\(count)|\(count)")
  }

  /// On a slow machine, the keys of a large registry are computed for longer than a change may stand still.
  @Test func `a migration has more time than a change`() throws {
    do { _ = try PostgresLog(database.logURL) }
    try goBack(
      """
      CREATE TABLE swiftchat.limits (name text, setting bigint);
      CREATE FUNCTION swiftchat.note_limits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO swiftchat.limits SELECT s.name, s.setting::bigint FROM pg_settings s
          WHERE s.name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout');
        RETURN NULL;
      END $$;
      CREATE TRIGGER note_limits AFTER UPDATE ON swiftchat.indexing
        FOR EACH STATEMENT EXECUTE FUNCTION swiftchat.note_limits()
      """)
    let log = try PostgresLog(database.logURL)
    #expect(
      try database.run("SELECT name, setting FROM swiftchat.limits ORDER BY name")
        == "idle_in_transaction_session_timeout|600000\nlock_timeout|0\nstatement_timeout|0")
    // The connection goes on with the limits of the others.
    let isAsBefore = try log.writer.write(.whenStored, "cannot look at") {
      connection, _ throws(PostgresError) -> Bool in
      let limits = try connection.execute(
        """
        SELECT setting::bigint FROM pg_settings
        WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name
        """
      ).map { $0.int(0) }
      return limits == [4000, 4000, PostgresConnection.statementTimeout]
        && connection.answerPatience == PostgresConnection.patience
    }
    #expect(isAsBefore)
  }

  @Test func `servers of an earlier rule end, and write no keys and no words from then on`() throws {
    let earlier = try PostgresLog(database.logURL)
    let state = try earlier.begin("earlier:4000")
    // The first version does not state its rule.
    try earlier.writer.write(.whenStored, "cannot set up") { connection, _ throws(PostgresError) in
      try connection.run("RESET swiftchat.text_rule")
    }
    try goBack()
    try earlier.store(.said("word"))
    let log = try PostgresLog(database.logURL)
    #expect(try version() == present)
    #expect(try log.nodes().isEmpty)
    func isEnded(_ body: () throws -> Void) -> Bool {
      do {
        try body()
        return false
      } catch { return (error as? LogError)?.cause == .nodeEnded }
    }
    #expect(isEnded { _ = try earlier.renewLease(received: state.place) })
    #expect(isEnded { _ = try earlier.submit(Submission(number: 1)) })
    #expect(isEnded { _ = try earlier.append([.said("late")], at: .noon) })
    #expect(isEnded { _ = try earlier.append([.said("late", in: "#new")], at: .noon) })
    #expect(isEnded { _ = try earlier.catchUp() })
    let changes: [RegistryChange] = try [
      .account(.of("neha")), .sanction(.of(.ban, "@neha")), .room(.of("#x", owner: "neha")),
    ]
    for change in changes { #expect(isEnded { try earlier.record([change]) }, "\(change)") }
    // The earlier server cannot begin another node either.
    #expect(isEnded { _ = try earlier.begin("earlier:4000") })
    #expect(try log.registry() == RegistryState())
    #expect(try log.nodes().isEmpty)
    // The others hear that its people have left, and go on.
    #expect(try log.begin("later:4000").presence == PresenceState())
    #expect(try log.append([.said("hello", in: "#new")], at: .noon).first?.message?.sequence == 1)
    try log.record([.account(.of("neha"))])
    try log.finishIndexing()
    #expect(try log.find("word").messages.map(\.sequence) == [1])
  }
}
