import ChatProtocol
import ChatRecords
import GRDB
import TestSupport
import Testing

@testable import ChatLog

/// Migration of logs whose name and word keys follow an earlier rule.
@Suite(.computing) struct TextKeysTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Makes a log of this version and changes it to what an earlier version may have left.
  private func make(
    _ sql: String, messages: [NewMessage] = [], changes: [RegistryChange] = [], rule: Int = 1
  ) throws {
    let log = try SQLiteLog(directory: folder.path)
    if !messages.isEmpty { try log.store(messages) }
    try log.finishIndexing()
    try log.record(changes)
    try log.withWriter { try $0.execute(sql: sql + "; UPDATE log SET text_rule = \(rule)") }
  }

  @Test func `the search index is rebuilt`() throws {
    let messages: [NewMessage] = try [.said("เมือง"), .said("disk full"), .said("gone")]
    try make("", messages: messages)
    // An index by the first rule, with words that no message has.
    try DatabaseQueue(path: folder.file("log.sqlite")).write { database in
      try database.execute(sql: "INSERT INTO search (search) VALUES ('delete-all')")
      try database.execute(
        sql: "INSERT INTO search (rowid, words) VALUES (1, '_c1 _a6e656861 เ ม\u{e37} อ ง'), (2, '_c1 _a6e656861 old')")
    }
    #expect(try folder.findings() == [])
    let log = try SQLiteLog(directory: folder.path)
    for count in [3, 2] {
      #expect(try log.find("เมือง").messages.map(\.text) == ["เมือง"])
      #expect(try log.find("disk").messages.map(\.text) == ["disk full"])
      #expect(try log.find("old").messages == [])
      #expect(try log.find("on:2026-11-22 from:neha").messages.count == count)
      _ = try log.redact(.lobby, sequence: 3, author: nil)
      try log.finishIndexing()
      #expect(try log.find("gone").messages == [])
      #expect(try folder.findings() == [])
    }
  }

  @Test func `rooms are found by their new keys and keep their rules`() throws {
    try make(
      """
      UPDATE conversations SET room_key = '#caf' || char(233), room = '#caf' || char(233) WHERE room = '#café';
      UPDATE conversations SET room = '#' || char(0xff38), room_key = '#' || char(0xff58) WHERE room = '#x';
      UPDATE room_rules SET room = '#' || char(0xff38), room_key = '#' || char(0xff58) WHERE room = '#x';
      UPDATE room_guests SET room_key = '#' || char(0xff58) WHERE room_key = '#x'
      """, messages: [.said("a", in: "#café"), .said("b", in: "#x")],
      changes: [.room(.of("#x", owner: "neha", guests: ["akash"])), .room(.of("#quiet", slowness: 5))])
    let log = try SQLiteLog(directory: folder.path)
    #expect(try log.latest(in: .named("#cafe\u{301}")).map(\.text) == ["a"])
    #expect(try log.store(.said("c", in: "#CAFÉ")).sequence == 2)
    #expect(try log.latest(in: .named("#x")).map(\.text) == ["b"])
    #expect(try log.rooms().count == 2)
    let rules = try log.registry().rooms
    #expect(Set(rules.map(\.room)) == Set([try #require(RoomName("#x")), try #require(RoomName("#quiet"))]))
    #expect(try rules.first { $0.isPrivate }?.guests == [.named("akash")])
    #expect(try folder.findings() == [])
  }

  @Test func `of two rooms with the same new key both remain with their messages and rules`() throws {
    try make(
      """
      UPDATE conversations SET room_key = '#caf' || char(233), room = '#caf' || char(233) WHERE room = '#one';
      UPDATE conversations SET room_key = '#cafe' || char(769), room = '#cafe' || char(769) WHERE room = '#two';
      UPDATE room_rules SET room_key = '#caf' || char(233), room = '#caf' || char(233) WHERE room = '#one';
      UPDATE room_guests SET room_key = '#caf' || char(233) WHERE room_key = '#one'
      """, messages: [.said("a", in: "#one"), .said("b", in: "#two"), .said("c", in: "#café-2")],
      changes: [.room(.of("#one", owner: "neha", guests: ["akash"]))])
    for _ in 0..<2 {
      let log = try SQLiteLog(directory: folder.path)
      // The room with the latest message keeps the name.
      #expect(try log.latest(in: .named("#café")).map(\.text) == ["b"])
      #expect(try log.latest(in: .named("#café-2")).map(\.text) == ["c"])
      #expect(try log.latest(in: .named("#café-3")).map(\.text) == ["a"])
      let rules = try log.registry().rooms
      #expect(rules.map(\.room) == [try #require(RoomName("#café-3"))])
      #expect(try rules.first?.guests == [.named("akash")])
      #expect(try folder.findings() == [])
    }
  }

  @Test func `of two accounts with the same new key both remain and the older keeps the name`() throws {
    let long = String(repeating: "x", count: 31)
    try make(
      """
      UPDATE accounts SET name = 'x' || char(178), name_key = 'x' || char(178), created = created + 1 WHERE name = 'other';
      UPDATE accounts SET name = '\(long)' || char(0x2e), name_key = name WHERE name = 'third';
      UPDATE accounts SET name = 'Zo' || char(235), name_key = 'zo' || char(235) WHERE name = 'fourth'
      """,
      changes: [
        .account(.of("x2")), .account(.of("other", keys: [2])), .account(.of("third", keys: [3])),
        .account(.of("fourth", keys: [4])),
      ])
    for _ in 0..<2 {
      let log = try SQLiteLog(directory: folder.path)
      let accounts = try log.registry().accounts
      let names = Dictionary(uniqueKeysWithValues: accounts.map { ($0.member, $0.name.text) })
      #expect(try names[.named("x2")] == "x2")
      #expect(try names[.named("other")] == "x²-2")
      #expect(try names[.named("third")] == "\(long).")
      #expect(try names[.named("fourth")] == "Zoë")
      #expect(accounts.allSatisfy { $0.keys.count == 1 })
      #expect(try folder.findings() == [])
    }
  }

  @Test func `of two bans with the same new key the longer one remains`() throws {
    try make(
      """
      UPDATE sanctions SET subject = '@x' || char(178), subject_key = '@x' || char(178) WHERE subject = '@other';
      UPDATE sanctions SET subject = '@Zo' || char(235), subject_key = '@zo' || char(235) WHERE subject = '@third'
      """,
      changes: [
        .sanction(.of(.ban, "@x2", until: .noon)), .sanction(.of(.ban, "@other", reason: "for ever")),
        .sanction(.of(.mute, "@other")), .sanction(.of(.ban, "@third")), .sanction(.of(.ban, "192.0.2.7")),
      ])
    let log = try SQLiteLog(directory: folder.path)
    let sanctions = try log.registry().sanctions
    #expect(
      Set(sanctions.map { "\($0.kind) \($0.subject.text) \($0.reason)" })
        == ["ban @x² for ever", "mute @x² ", "ban @Zoë ", "ban 192.0.2.7 "])
    #expect(try folder.findings() == [])
  }

  /// The second rule kept the composition of a name that was typed in lower case.
  @Test func `keys that differ only in their composition become one`() throws {
    try make(
      """
      UPDATE accounts SET name_key = 'jos' || char(233);
      UPDATE sanctions SET subject_key = '@jos' || char(233) WHERE subject <> '@other';
      UPDATE sanctions SET subject = '@Jos' || char(233), subject_key = '@jose' || char(769) WHERE subject = '@other'
      """, messages: [.said("1", by: "jos\u{e9}"), .said("2", by: "Jos\u{e9}")],
      changes: [
        .account(.of("jos\u{e9}")), .sanction(.of(.ban, "@jos\u{e9}", until: .noon)),
        .sanction(.of(.ban, "@other", reason: "for ever")), .sanction(.of(.mute, "@jos\u{e9}")),
      ], rule: 2)
    try DatabaseQueue(path: folder.file("log.sqlite")).write { database in
      try database.execute(sql: "INSERT INTO search (search) VALUES ('delete-all')")
      try database.execute(
        sql: "INSERT INTO search (rowid, words) VALUES (1, '_c1 _a6a6f73c3a9 1'), (2, '_c1 _a6a6f7365cc81 2')")
    }
    do {
      let log = try SQLiteLog(directory: folder.path)
      #expect(
        Set(try log.registry().sanctions.map { "\($0.kind) \($0.subject.text) \($0.reason)" })
          == ["ban @Jos\u{e9} for ever", "mute @jos\u{e9} "])
      let keys = try DatabaseQueue(path: folder.file("log.sqlite")).read {
        try String.fetchAll($0, sql: "SELECT name_key FROM accounts UNION ALL SELECT subject_key FROM sanctions")
      }
      #expect(
        Set(keys.map { Array($0.utf8) }) == Set(["jose\u{301}", "@jose\u{301}"].map { Array($0.utf8) }))
      try log.finishIndexing()
      for name in ["Jos\u{e9}", "jos\u{e9}"] {
        #expect(try log.find("from:\(name)").messages.map(\.text) == ["2", "1"])
      }
      _ = try log.redact(.lobby, sequence: 1, author: nil)
      let name = try #require(Nickname("jos\u{e9}"))
      try log.record(Sanction.Kind.allCases.map { .pardon($0, .name(name)) })
      #expect(try folder.findings() == [])
    }
    #expect(try SQLiteLog(directory: folder.path).registry().sanctions == [])
    #expect(try folder.findings() == [])
  }

  @Test func `a helper leaves the keys alone while a server of another version runs`() throws {
    try make("", messages: [.said("a")])
    do {
      let server = try DirectoryLock(LogDirectory(path: folder.path))
      let error = #expect(throws: LogError.self) { try SQLiteLog(directory: folder.path, for: .helper) }
      #expect(error?.cause == .locked)
      #expect(try rule() == 1)
      withExtendedLifetime(server) {}
    }
    #expect(try SQLiteLog(directory: folder.path, for: .helper).latest().map(\.text) == ["a"])
    #expect(try rule() == TextRule.version)
    let server = try SQLiteLog(directory: folder.path)
    #expect(try SQLiteLog(directory: folder.path, for: .helper).latest().map(\.text) == ["a"])
    withExtendedLifetime(server) {}
  }

  @Test func `a log that follows a later rule is left unchanged`() throws {
    try make("", messages: [.said("a")], rule: TextRule.version + 1)
    let openings: [(String) throws -> Void] = [
      { _ = try SQLiteLog(directory: $0) }, { _ = try SQLiteLog(directory: $0, for: .helper) },
      { _ = try LogArchive(directory: $0) },
    ]
    for open in openings {
      let error = #expect(throws: LogError.self) { try open(folder.path) }
      #expect(error?.cause == .tooNew)
      #expect(error?.description.contains("later version") == true)
      #expect(try rule() == TextRule.version + 1)
    }
  }

  /// The fifth schema, which those programs know, has the same tables.
  @Test func `programs that would change the keys back refuse the log`() throws {
    try make("PRAGMA user_version = 5", messages: [.said("a")], rule: 2)
    #expect(try SQLiteLog(directory: folder.path).latest().map(\.text) == ["a"])
    #expect(try rule() == TextRule.version)
    let version = try DatabaseQueue(path: folder.file("log.sqlite")).read {
      try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0
    }
    #expect(version > 5 && version == Schema.version)
  }

  private func rule() throws -> Int? {
    try DatabaseQueue(path: folder.file("log.sqlite")).read { try Int.fetchOne($0, sql: "SELECT text_rule FROM log") }
  }

  /// A log that is opened for reading stays unchanged.
  @Test func `reading does not rebuild the keys`() throws {
    try make(
      "UPDATE conversations SET room_key = '#caf' || char(233), room = '#caf' || char(233) WHERE room = '#one'",
      messages: [.said("a", in: "#one")])
    let archive = try LogArchive(directory: folder.path)
    var texts: [String] = []
    try archive.export(.init(room: RoomName("#CAFE\u{301}"))) {
      texts.append($0.text)
      return true
    }
    #expect(texts == ["a"])
    #expect(try folder.findings() == [])
    #expect(try rule() == 1)
  }
}
