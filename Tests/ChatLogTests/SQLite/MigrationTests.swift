import ChatProtocol
import ChatRecords
import GRDB
import TestSupport
import Testing

@testable import ChatLog

/// Migration from earlier versions of the log.
@Suite(.computing) struct MigrationTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FirstVersion.make(in: folder)
  }

  @Test func `a read-only user reads the first version without migrating it`() throws {
    #expect(try folder.findings() == [])
    let archive = try LogArchive(directory: folder.path)
    try archive.exportActs { _ in
      Issue.record("reading acts of the first version succeeded")
      return true
    }
    var texts: [String] = []
    try archive.export(.init()) {
      texts.append($0.text)
      return true
    }
    #expect(texts == ["hello", "world"])
    #expect(try version() == 1)
  }

  @Test(arguments: [SQLiteLog.User.server, .helper])
  func `the first version is migrated with all its contents`(user: SQLiteLog.User) throws {
    for _ in 0..<2 {
      let log = try SQLiteLog(directory: folder.path, for: user)
      #expect(Epoch("epoch1").flatMap(log.epochs.number) == 1)
      #expect(log.epochs.number > 1 || user == .helper)
      #expect(try log.latest().map(\.text).prefix(2) == ["hello", "world"])
      guard case .duplicate = try log.append([Self.hello], at: .noon).first else {
        Issue.record("a message with a known key was stored again")
        return
      }
      try log.record([.account(.of("neha"))])
      #expect(try log.registry().accounts == [.of("neha")])
    }
    #expect(try version() == Schema.version)
    #expect(try folder.findings() == [])
    let log = try SQLiteLog(directory: folder.path, for: user)
    #expect(try log.redact(.lobby, sequence: 1, author: nil)?.text == "hello")
    try log.finishIndexing()
    #expect(try log.find("hello").messages == [])
    #expect(try folder.findings() == [])
  }

  @Test func `a migrated log has the tables of a new one`() throws {
    let new = try TemporaryFolder()
    _ = try SQLiteLog(directory: new.path)
    _ = try SQLiteLog(directory: folder.path)
    let (one, other) = (try Self.schema(of: new), try Self.schema(of: folder))
    #expect(one == other)
    #expect(one.count > 15)
  }

  /// After a failure in the middle the log still has the first version, and the next opening migrates it.
  @Test func `a failed migration leaves the log unchanged`() throws {
    let database = try DatabaseQueue(path: folder.file("log.sqlite"))
    try database.write { try $0.execute(sql: "CREATE TABLE acts (in_the_way)") }
    #expect(throws: LogError.self) { try SQLiteLog(directory: folder.path) }
    #expect(try version() == 1)
    #expect(try database.read { try !$0.tableExists("accounts") })
    try database.write { try $0.execute(sql: "DROP TABLE acts") }
    let log = try SQLiteLog(directory: folder.path)
    #expect(try log.latest().count == 2)
  }

  /// A server of an earlier version writes by the schema that it found.
  @Test(arguments: EarlierVersion.numbers)
  func `a helper leaves the log alone while a server of an earlier version runs`(number: Int) throws {
    let folder = try TemporaryFolder()
    // The text rule alone does not tell the versions apart.
    try EarlierVersion.make(number, in: folder, number < 4 ? "" : "UPDATE log SET text_rule = \(TextRule.version);")
    do {
      let server = try DirectoryLock(LogDirectory(path: folder.path))
      let error = #expect(throws: LogError.self) { try SQLiteLog(directory: folder.path, for: .helper) }
      #expect(error?.cause == .locked)
      #expect(error?.description.contains("restart it with this version") == true)
      #expect(try version(of: folder) == number)
      withExtendedLifetime(server) {}
    }
    let helper = try SQLiteLog(directory: folder.path, for: .helper)
    #expect(try helper.latest().count == 2)
    #expect(try version(of: folder) == Schema.version)
  }

  // MARK: Versions in between

  private static let operators: [(sql: String, hadOperator: Bool)] = [
    ("", false), ("UPDATE accounts SET operator = 1;", true), (Self.act("OP"), true),
    // The audit log is bounded, and the older OP entry is dropped first.
    (Self.act("DEOP"), true), (Self.act("KICK"), false), (Self.act("BAN"), false),
  ]

  private static func act(_ verb: String) -> String {
    "INSERT INTO acts (time, author, verb, subject, text) VALUES (1795348800007, 'host', '\(verb)', 'zoe', '');"
  }

  @Test(arguments: EarlierVersion.numbers, [SQLiteLog.User.server, .helper])
  func `a migrated registry is unchanged, with defaults for new fields`(
    number: Int, user: SQLiteLog.User
  ) throws {
    let folder = try TemporaryFolder()
    try EarlierVersion.make(number, in: folder)
    for _ in 0..<2 {
      let log = try SQLiteLog(directory: folder.path, for: user)
      #expect(try log.latest().map(\.text).prefix(2) == ["hello", "world"])
      let state = try log.registry()
      var neha = try Account.of("neha", member: 7)
      neha.keys[0].added = Timestamp(milliseconds: 1_795_348_800_001)
      neha = Account(
        member: neha.member, name: neha.name, keys: neha.keys, isOperator: false,
        created: Timestamp(milliseconds: 1_795_348_800_000))
      #expect(state.accounts == [neha])
      let ban = try Sanction.of(.ban, "192.0.2.0/24", reason: "enough")
      let mute = try Sanction.of(.mute, "@Mallory", until: Timestamp(milliseconds: 1_795_435_200_000))
      #expect(state.sanctions == [ban, mute])
      #expect(state.sanctions.allSatisfy { $0.blocks.isEmpty })
      #expect(state.invitations == [try .of(2, uses: 3)])
      #expect(
        state.rooms == [
          RoomRules(
            room: try #require(RoomName("#Plans")), owner: MemberID(7), guests: [MemberID(9)], slowness: 30)
        ])
      #expect(!state.hadOperator)
      #expect(try log.acts(limit: 9).map(\.subject) == ["192.0.2.0/24"])
    }
    #expect(try version(of: folder) == Schema.version)
    #expect(try folder.findings() == [])
    // The migrated log stores the fields that the earlier version lacked.
    var mute = try Sanction.of(.mute, "@Mallory")
    mute.blocks = Set(["198.51.100.7", "2001:db8::/64"].compactMap { Network($0) })
    #expect(mute.blocks.count == 2)
    try SQLiteLog(directory: folder.path, for: user).record([
      .sanction(mute), .account(try .of("zoe", keys: [9], isOperator: true)),
    ])
    let state = try SQLiteLog(directory: folder.path, for: user).registry()
    #expect(state.sanctions.last == mute && state.sanctions.count == 2)
    #expect(state.hadOperator)
    #expect(try folder.findings() == [])
  }

  @Test(arguments: EarlierVersion.numbers, Self.operators)
  func `hadOperator is derived from the accounts and the audit log`(
    number: Int, had: (sql: String, hadOperator: Bool)
  ) throws {
    let folder = try TemporaryFolder()
    try EarlierVersion.make(number, in: folder, had.sql)
    for _ in 0..<2 { #expect(try SQLiteLog(directory: folder.path).registry().hadOperator == had.hadOperator) }
  }

  @Test(arguments: EarlierVersion.numbers)
  func `a read-only user reads an earlier version without migrating it`(number: Int) throws {
    let folder = try TemporaryFolder()
    try EarlierVersion.make(number, in: folder)
    #expect(try folder.findings() == [])
    let archive = try LogArchive(directory: folder.path)
    var acts: [String] = []
    try archive.exportActs {
      acts.append($0.verb.rawValue)
      return true
    }
    #expect(acts == ["BAN"])
    #expect(try version(of: folder) == number)
  }

  @Test(arguments: EarlierVersion.numbers)
  func `a log migrated from an earlier version has the tables of a new one`(number: Int) throws {
    let (new, old) = (try TemporaryFolder(), try TemporaryFolder())
    try EarlierVersion.make(number, in: old)
    for folder in [new, old] { _ = try SQLiteLog(directory: folder.path) }
    #expect(try Self.schema(of: old) == Self.schema(of: new))
  }

  @Test func `the index of an earlier log merges its segments like that of a new one`() throws {
    let new = try TemporaryFolder()
    for folder in [new, folder] {
      _ = try SQLiteLog(directory: folder.path)
      let database = try DatabaseQueue(path: folder.file("log.sqlite"))
      let number = try database.read { try Int.fetchOne($0, sql: "SELECT v FROM search_config WHERE k = 'automerge'") }
      #expect(number == 16)
    }
  }

  private static var hello: NewMessage {
    get throws {
      NewMessage(
        conversation: .lobby, author: try #require(Nickname("neha")), member: MemberID(7), text: "hello",
        key: IdempotencyKey("k"))
    }
  }

  private func version() throws -> Int { try version(of: folder) }

  private func version(of folder: TemporaryFolder) throws -> Int {
    try DatabaseQueue(path: folder.file("log.sqlite")).read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
  }

  private static func schema(of folder: TemporaryFolder) throws -> Set<String> {
    try DatabaseQueue(path: folder.file("log.sqlite")).read { database in
      try Set(String.fetchAll(database, sql: "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_schema"))
    }
  }
}
