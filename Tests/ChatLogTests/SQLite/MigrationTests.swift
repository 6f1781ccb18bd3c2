import ChatProtocol
import GRDB
import TestSupport
import Testing

@testable import ChatLog

/// What becomes of a log of an earlier version.
@Suite struct MigrationTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FirstVersion.make(in: folder)
  }

  @Test func `it is read as it is by those who only read`() throws {
    #expect(try folder.findings() == [])
    let archive = try LogArchive(directory: folder.path)
    try archive.exportActs { _ in
      Issue.record("there are no acts")
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
  func `it becomes one of this version, with all that it had`(user: SQLiteLog.User) throws {
    for _ in 0..<2 {
      let log = try SQLiteLog(directory: folder.path, for: user)
      #expect(Epoch("epoch1").flatMap(log.epochs.number) == 1)
      #expect(log.epochs.number > 1 || user == .helper)
      #expect(try log.latest().map(\.text).prefix(2) == ["hello", "world"])
      guard case .duplicate = try log.append([Self.hello], at: .noon).first else {
        Issue.record("it is known")
        return
      }
      try log.record([.account(.of("neha"))])
      #expect(try log.registry().accounts == [.of("neha")])
    }
    #expect(try version() == Schema.version)
    #expect(try folder.findings() == [])
    let log = try SQLiteLog(directory: folder.path, for: user)
    #expect(try log.erase(.lobby, sequence: 1, author: nil)?.text == "hello")
    try log.finishIndexing()
    #expect(try log.find("hello").messages == [])
    #expect(try folder.findings() == [])
  }

  @Test func `its tables are those of a new one`() throws {
    let new = try TemporaryFolder()
    _ = try SQLiteLog(directory: new.path)
    _ = try SQLiteLog(directory: folder.path)
    let (one, other) = (try Self.schema(of: new), try Self.schema(of: folder))
    #expect(one == other)
    #expect(one.count > 15)
  }

  /// Killed between the two: it is one of the first version still, and the next one that opens it goes on.
  @Test func `a migration that fails leaves it as it was`() throws {
    let database = try DatabaseQueue(path: folder.file("log.sqlite"))
    try database.write { try $0.execute(sql: "CREATE TABLE acts (in_the_way)") }
    #expect(throws: LogError.self) { try SQLiteLog(directory: folder.path) }
    #expect(try version() == 1)
    #expect(try database.read { try !$0.tableExists("accounts") })
    try database.write { try $0.execute(sql: "DROP TABLE acts") }
    let log = try SQLiteLog(directory: folder.path)
    #expect(try log.latest().count == 2)
  }

  private static var hello: NewMessage {
    get throws {
      NewMessage(
        conversation: .lobby, author: try #require(Nickname("neha")), member: MemberID(7), text: "hello",
        key: SendKey("k"))
    }
  }

  private func version() throws -> Int {
    try DatabaseQueue(path: folder.file("log.sqlite")).read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
  }

  private static func schema(of folder: TemporaryFolder) throws -> Set<String> {
    try DatabaseQueue(path: folder.file("log.sqlite")).read { database in
      try Set(String.fetchAll(database, sql: "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_schema"))
    }
  }
}
