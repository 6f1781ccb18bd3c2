import ChatProtocol
import ChatRecords
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ChatLog

/// Disk failures and the registry: each change is recorded completely or not at all, and damaged entries are skipped
/// and reported.
@Suite(.computing) struct RegistryFaultTests {
  private let folder: TemporaryFolder
  private let log: SQLiteLog

  init() throws {
    folder = try TemporaryFolder()
    log = try SQLiteLog(directory: folder.path, busyTimeout: .milliseconds(20))
    try log.store(.said("hello"))
    try log.record([
      .account(.of("neha", member: 1, keys: [1, 2])), .account(.of("akash", member: 2, keys: [3])),
      .sanction(.of(.ban, "@mira")), .sanction(.of(.mute, "192.0.2.0/24", until: .noon)), .invitation(.of(1, uses: 2)),
      .room(.of("#den", owner: "neha", guests: ["akash", "mira"])), .act(.of(1)), .act(.of(2)),
    ])
  }

  @Test func `recorded changes are there after reopening`() throws {
    let again = try SQLiteLog(directory: folder.path, for: .helper)
    #expect(try again.registry() == log.registry())
    #expect(try again.registry().accounts.count == 2)
    #expect(try again.acts(limit: 9) == [.of(2), .of(1)])
    #expect(try folder.findings() == [])
  }

  @Test func `on a full disk changes are recorded completely or not at all`() throws {
    let (state, acts) = (try log.registry(), try log.acts(limit: .max))
    try log.withWriter { (database) throws in
      let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      try database.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
    let changes =
      try [.account(.of("zoe", member: 9, keys: [9])), .pardon(.ban, .name(#require(Nickname("mira"))))]
      + (0..<2000).map { try RegistryChange.act(.of(100 + $0)) }
    for _ in 0..<3 {
      let error = #expect(throws: LogError.self) { try log.record(changes) }
      #expect(error?.cause == .full)
      #expect(error?.description.contains("cannot record in \(folder.path)/log.sqlite") == true)
      #expect(try log.registry() == state)
      #expect(try log.acts(limit: .max) == acts)
    }
    try log.withWriter { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    try log.record(changes)
    #expect(try log.acts(limit: .max).count == 2002)
    #expect(try log.registry().sanctions.count == 1)
    #expect(try folder.findings() == [])
  }

  /// Fails the transaction after all of its statements, as a full disk does.
  private final class FailingCommit: TransactionObserver {
    func observes(eventsOfKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with: DatabaseEvent) {}
    func databaseWillCommit() throws { throw DatabaseError(resultCode: .SQLITE_FULL) }
    func databaseDidCommit(_: Database) {}
    func databaseDidRollback(_: Database) {}
  }

  /// The lock file tells the next server how much was confirmed.
  @Test func `changes that fail when they are committed do not count as confirmed`() throws {
    let folder = try TemporaryFolder()
    do {
      let log = try SQLiteLog(directory: folder.path)
      try log.record([.act(.of(1))])
      let failing = FailingCommit()
      try log.withWriter { $0.add(transactionObserver: failing) }
      #expect(throws: LogError.self) { try log.record([.act(.of(2))]) }
      try log.withWriter { $0.remove(transactionObserver: failing) }
      try log.store(.said("there is space again"))
    }
    let log = try SQLiteLog(directory: folder.path)
    #expect(try log.acts(limit: 9) == [.of(1)])
    #expect(try log.latest().map(\.text) == ["there is space again"])
  }

  @Test func `a redaction and its audit log entry are stored together or not at all`() throws {
    let operatorName = try #require(Nickname("boss"))
    let note = RedactionNote(time: .noon, by: operatorName, member: nil, subject: "#lobby/1", reason: "spam")
    try log.withWriter {
      try $0.execute(
        sql: "CREATE TRIGGER full BEFORE INSERT ON acts BEGIN SELECT RAISE(ABORT, 'no room'); END")
    }
    #expect(throws: LogError.self) { try log.redact(.lobby, sequence: 1, author: nil, noting: note) }
    #expect(try log.latest().map(\.text) == ["hello"])
    try log.withWriter { try $0.execute(sql: "DROP TRIGGER full") }
    #expect(try log.redact(.lobby, sequence: 1, author: nil, noting: note)?.text == "hello")
    #expect(try log.acts(limit: 1).map(\.text) == ["of neha: spam"])
    // A second redaction, or one by the author, is not recorded in the audit log.
    _ = try log.redact(.lobby, sequence: 1, author: nil, noting: note)
    #expect(try log.acts(limit: 9).count == 3)
  }

  @Test func `a write lock of another program fails recording until it is released`() throws {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.file("log.sqlite"), configuration: configuration)
    try other.inDatabase { try $0.execute(sql: "BEGIN EXCLUSIVE") }
    #expect(throws: LogError.self) { try log.record([.act(.of(3))]) }
    let error = #expect(throws: LogError.self) { try log.redact(.lobby, sequence: 1, author: nil) }
    #expect(error?.description.contains("cannot erase in") == true)
    #expect(try log.latest().map(\.text) == ["hello"])
    try other.inDatabase { try $0.execute(sql: "COMMIT") }
    try log.record([.act(.of(3))])
    #expect(try log.redact(.lobby, sequence: 1, author: nil)?.text == "hello")
    #expect(try log.acts(limit: 1) == [.of(3)])
  }

  @Test func `changes and redactions wait until the disk has space`() throws {
    for _ in 0..<2 {
      _ = try log.catchUp()
      try log.withWriter { (database) throws in
        #expect(try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2)
        #expect(try Int.fetchOne(database, sql: "PRAGMA secure_delete") == 1)
      }
      try log.record([.act(.of(7))])
    }
  }

  /// The damage, the finding, and the number of remaining accounts, sanctions, invitations, rooms and acts.
  @Test(
    arguments: [
      ("UPDATE account_keys SET key = zeroblob(31) WHERE member = 1 AND place = 0", "has 31 bytes", [2, 2, 1, 1, 2]),
      ("UPDATE account_keys SET key = 'text' WHERE member = 2", "the account of akash has no key", [2, 2, 1, 1, 2]),
      ("DELETE FROM account_keys WHERE member = 2", "the account of akash has no key", [2, 2, 1, 1, 2]),
      ("DELETE FROM accounts WHERE member = 2", "belongs to an account that is not there", [1, 2, 1, 1, 2]),
      ("UPDATE accounts SET name = 'a b' WHERE member = 2", "account 2 has no valid name", [1, 2, 1, 1, 2]),
      ("UPDATE accounts SET name = 'other' WHERE member = 2", "account 2 has no valid name", [1, 2, 1, 1, 2]),
      ("UPDATE accounts SET created = 'never', operator = 'no'", "", [2, 2, 1, 1, 2]),
      ("UPDATE sanctions SET kind = 'exile' WHERE kind = 'ban'", "a sanction cannot be read", [2, 1, 1, 1, 2]),
      ("UPDATE sanctions SET subject = '@zoe' WHERE kind = 'ban'", "the one of @mira", [2, 1, 1, 1, 2]),
      ("UPDATE sanctions SET author = ''", "a sanction cannot be read", [2, 0, 1, 1, 2]),
      ("UPDATE invitations SET digest = zeroblob(5)", "a digest of 5 bytes", [2, 2, 0, 1, 2]),
      ("UPDATE invitations SET uses = -9223372036854775808", "an invitation cannot be read", [2, 2, 0, 1, 2]),
      ("UPDATE room_rules SET room = 'den'", "rules of a room cannot be read, those of #den", [2, 2, 1, 0, 2]),
      ("UPDATE room_rules SET slowness = 9223372036854775807", "wait for 9223372036854775807", [2, 2, 1, 1, 2]),
      ("UPDATE room_rules SET owner = NULL", "#den has rules that say nothing", [2, 2, 1, 0, 2]),
      ("DELETE FROM room_rules", "belongs to a room with rules that is not there", [2, 2, 1, 0, 2]),
      ("UPDATE acts SET verb = 'FLY' WHERE id = 1", "the one with id 1", [2, 2, 1, 1, 1]),
      ("UPDATE acts SET author = x'ff' WHERE id = 2", "", [2, 2, 1, 1, 2]),
    ] as [(String, String, [Int])])
  func `damaged entries are skipped and reported`(damage: String, finding: String, left: [Int]) throws {
    try log.withWriter { try $0.execute(sql: damage) }
    let again = try SQLiteLog(directory: folder.path, for: .helper)
    let state = try again.registry()
    let counts = [
      state.accounts.count, state.sanctions.count, state.invitations.count, state.rooms.count,
      try again.acts(limit: .max).count,
    ]
    #expect(counts == left)
    let findings = try folder.findings()
    #expect(finding.isEmpty ? findings == [] : findings.contains { $0.contains(finding) }, "\(findings)")
    // Later changes are recorded.
    try again.record([.account(.of("zoe", member: 9, keys: [9])), .room(.of("#den", owner: "zoe", guests: ["x"]))])
    #expect(try again.registry().accounts.contains(.of("zoe", member: 9, keys: [9])))
    #expect(try again.registry().rooms == [.of("#den", owner: "zoe", guests: ["x"])])
  }

  @Test func `text that outlived its redaction is reported and not shown`() throws {
    _ = try log.redact(.lobby, sequence: 1, author: nil)
    try log.withWriter { try $0.execute(sql: "UPDATE messages SET text = 'hello'") }
    #expect(try folder.findings().contains { $0.contains("was removed, and has its text still") })
    #expect(try log.latest().map(\.text) == [""])
    #expect(try log.find("hello").messages == [])
  }

  @Test func `acts are exported in the order of recording`() throws {
    try log.record((3..<2500).map { try .act(.of($0)) })
    let archive = try LogArchive(directory: folder.path)
    func exported(_ since: Timestamp? = nil, atMost count: Int = .max) throws -> [Act] {
      var acts: [Act] = []
      try archive.exportActs(since: since) {
        acts.append($0)
        return acts.count < count
      }
      return acts
    }
    #expect(try exported() == (1..<2500).map { try .of($0) })
    #expect(try exported(.noon.advanced(by: 2490)) == (2490..<2500).map { try .of($0) })
    #expect(try exported(atMost: 3).count == 3)
  }
}
