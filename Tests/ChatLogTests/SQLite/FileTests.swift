@testable import ChatLog
import ChatProtocol
import ChatRecords
import Foundation
import GRDB
import TestSupport
import Testing

/// The files of a log and their permissions.
@Suite(.computing) struct FileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `stored messages are there after reopening`() throws {
    let (epoch, secret, stored) = try use { log in
      let stored = try log.store([
        .said("a", key: "k"), .whispered("b", by: "neha", to: "akash"), .said("about", in: "#Two", kind: .topic),
      ])
      try log.keep([ReadMark(member: .named("akash"), conversation: .lobby, sequence: 1)])
      return (log.epoch, log.secret, stored)
    }
    try use { (log) throws in
      #expect(log.epochs.number(of: epoch) == 1)
      #expect(log.epochs.number == 2)
      #expect(log.secret == secret)
      #expect(secret.count == 32)
      for message in stored { #expect(try log.latest(in: message.conversation) == [message]) }
      #expect(try log.find("a").messages == [stored[0]])
      #expect(try log.append([.said("a", key: "k")], at: .noon) == [.duplicate(stored[0])])
      #expect(try log.rooms().map(\.name.text) == ["#lobby", "#Two"])
      #expect(try log.rooms().map(\.topic) == [nil, stored[2]])
      #expect(try log.state(of: .named("akash")).correspondents.map(\.name.text) == ["neha"])
      #expect(try log.state(of: .named("akash")).marks == [.lobby: 1])
      let next = try log.store(.said("next"))
      #expect(next.sequence == 2)
      #expect(next.id > stored[2].id)
    }
  }

  /// On a full disk, the files of the write-ahead log could not be made again, and the log could not be read.
  @Test func `the write-ahead log is emptied at the end and keeps its files`() throws {
    try use { (log) throws in _ = try log.store(.said("a")) }
    #expect(try folder.read("log.sqlite-wal").isEmpty)
    #expect(try folder.read("log.sqlite-shm").count >= 32768)
    try use { (log) throws in #expect(try log.latest().map(\.text) == ["a"]) }
  }

  @Test func `the id of a pruned message is not used again`() throws {
    let last = try use { log in
      let last = try log.store([.said("a"), .said("b")]).last
      try log.finishPruning(Retention(count: 0))
      return try #require(last)
    }
    try use { (log) throws in #expect(try log.store(.said("c")).id > last.id) }
  }

  @Test func `two logs have different epochs and secrets`() throws {
    let other = try TemporaryFolder()
    let one = try use { ($0.epoch, $0.secret) }
    let log = try SQLiteLog(directory: other.path)
    #expect(log.epoch != one.0)
    #expect(log.secret != one.1)
  }

  @Test func `directory and files are accessible only to their owner, whatever the umask is`() throws {
    let path = folder.file("a/b")
    let log = try SQLiteLog(directory: path)
    try log.store(.said("a"))
    for name in ["", "log.sqlite", "log.sqlite-wal", "log.sqlite-shm", "lock"] {
      let mode = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
      #expect(mode == (name.isEmpty ? 0o700 : 0o600), "\(name)")
    }
    #expect(try FileManager.default.attributesOfItem(atPath: folder.file("a"))[.posixPermissions] as? Int == 0o700)
  }

  @Test func `permissions of other users are removed`() throws {
    let files = FileManager.default
    try use { (log) throws in
      try log.store(.said("a"))
      #expect(try folder.findings() == [])
      for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm", "lock"] {
        try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.file(name))
      }
      try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
      let findings = try folder.findings()
      #expect(findings.count == 5)
      #expect(
        findings.contains("others may use \(folder.path)/log.sqlite, which holds secrets: chmod 600 would change that"))
      #expect(findings.contains { $0.contains("chmod 755") })
    }
    try use { (log) throws in
      try log.store(.said("b"))
      #expect(try folder.findings() == [])
      for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm", "lock"] {
        #expect(try files.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int == 0o600, "\(name)")
      }
      // The directory may serve other purposes too.
      #expect(try files.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int == 0o755)
    }
    // In a directory with the sticky bit, anybody may create files but not replace those of others.
    try files.setAttributes([.posixPermissions: 0o1777], ofItemAtPath: folder.path)
    try use { (_) throws in
      #expect(try folder.findings() == [])
      #expect(try files.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int == 0o1777)
    }
  }

  @Test func `a second server is refused while the first runs`() throws {
    do {
      let first = try SQLiteLog(directory: folder.path)
      let error = #expect(throws: LogError.self) { try SQLiteLog(directory: folder.path) }
      #expect(error?.cause == .locked)
      #expect(
        error?.description
          == "another server (pid \(ProcessInfo.processInfo.processIdentifier)) uses \(folder.path); "
          + "choose another with --data")
      // The refused server did not harm the log.
      try first.store(.said("a"))
      #expect(throws: LogError.self) { try SQLiteLog(directory: folder.path) }
      let helper = try SQLiteLog(directory: folder.path, for: .helper)
      #expect(try helper.latest().count == 1)
    }
    try use { (log) throws in #expect(try log.store(.said("b")).sequence == 2) }
  }

  @Test func `a helper creates nothing`() throws {
    for path in [folder.path, folder.file("new")] {
      #expect(throws: LogError.self) { try SQLiteLog(directory: path, for: .helper) }
      #expect(throws: LogError.self) { try LogArchive(directory: path) }
      #expect(!SQLiteLog.exists(in: path))
      #expect(!SQLiteLog.mayExist(in: path))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  // MARK: Files that are not logs

  @Test func `a log of a later version is left unchanged`() throws {
    try use { (log) throws in
      try log.store(.said("a"))
      try log.withWriter { try $0.execute(sql: "PRAGMA user_version = 99; CREATE TABLE later (x)") }
    }
    let before = FileManager.default.contents(atPath: folder.file("log.sqlite"))
    for open in [{ _ = try SQLiteLog(directory: $0) }, { _ = try LogArchive(directory: $0) }]
      as [(String) throws -> Void]
    {
      let error = #expect(throws: LogError.self) { try open(folder.path) }
      #expect(error?.cause == .tooNew)
      #expect(error?.description.contains("later version") == true)
      #expect(FileManager.default.contents(atPath: folder.file("log.sqlite")) == before)
    }
  }

  @Test func `a database of another program is left unchanged`() throws {
    let database = try DatabaseQueue(path: folder.file("log.sqlite"))
    try database.write { try $0.execute(sql: "CREATE TABLE recipes (x); INSERT INTO recipes VALUES ('salt')") }
    #expect(cause { _ = try SQLiteLog(directory: folder.path) } == .corrupt)
    #expect(try database.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema") } == ["recipes"])
  }

  @Test func `a file that is not a database is left unchanged`() throws {
    let text = Data(String(repeating: "this is no database\n", count: 1000).utf8)
    try text.write(to: URL(filePath: folder.file("log.sqlite")))
    #expect(cause { _ = try SQLiteLog(directory: folder.path) } == .corrupt)
    #expect(FileManager.default.contents(atPath: folder.file("log.sqlite")) == text)
  }

  @Test func `the reason is reported where a log cannot be created`() throws {
    try FileManager.default.createDirectory(atPath: folder.file("x/log.sqlite"), withIntermediateDirectories: true)
    #expect(cause { _ = try SQLiteLog(directory: folder.file("x")) } != nil)
    try Data().write(to: URL(filePath: folder.file("file")))
    for path in [folder.file("file"), folder.file("file/below")] {
      let error = #expect(throws: LogError.self) { try SQLiteLog(directory: path) }
      #expect(error?.description.contains(path) == true)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read every file"))
  func `a log of another user is reported as such`() throws {
    try use { (log) throws in _ = try log.store(.said("a")) }
    #expect(chmod(folder.file("log.sqlite"), 0) == 0)
    for open in [
      { _ = try SQLiteLog(directory: $0) }, { _ = try SQLiteLog(directory: $0, for: .helper) },
      { _ = try LogArchive(directory: $0) },
    ] as [(String) throws -> Void] {
      let error = #expect(throws: LogError.self) { try open(folder.path) }
      #expect(error?.description == noPermission)
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read every file"))
  func `a log in a directory that is closed to this user is not reported as missing`() throws {
    try use { (log) throws in _ = try log.store(.said("a")) }
    #expect(chmod(folder.path, 0) == 0)
    defer { chmod(folder.path, 0o700) }
    for open in [{ _ = try SQLiteLog(directory: $0, for: .helper) }, { _ = try LogArchive(directory: $0) }]
      as [(String) throws -> Void]
    {
      let error = #expect(throws: LogError.self) { try open(folder.path) }
      #expect(error?.description == noPermission)
    }
    #expect(!SQLiteLog.exists(in: folder.path))
    #expect(SQLiteLog.mayExist(in: folder.path))
  }

  /// The server must not be run as root because a restored file belongs to root.
  private var noPermission: String {
    "cannot open \(folder.path)/log.sqlite: no permission; the user who runs the server must own it, and other "
      + "commands need this user or root"
  }

  // MARK: New logs and paths

  @Test func `an empty file becomes a log, and a log without its write-ahead log is opened`() throws {
    try Data().write(to: URL(filePath: folder.file("log.sqlite")))
    _ = try use { (log) throws in try log.store(.said("a")) }
    try use { (log) throws in #expect(try log.latest().map(\.text) == ["a"]) }
    #expect(try folder.findings() == [])
  }

  #if os(Linux)
    /// SQLite truncates and refills the index whenever no other connection is open. On a full disk, another program
    /// could take the space in between.
    @Test(arguments: [SQLiteLog.User.server, .helper])
    func `a start opens the index of the write-ahead log once`(user: SQLiteLog.User) throws {
      _ = try use { (log) throws in try log.store(.said("a")) }
      let events = inotify_init1(O_NONBLOCK)
      try #require(events >= 0)
      defer { close(events) }
      let watch = inotify_add_watch(events, folder.file("log.sqlite-shm"), UInt32(IN_OPEN) | UInt32(IN_CLOSE_WRITE))
      try #require(watch >= 0)
      let log = try SQLiteLog(directory: folder.path, for: user)
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = read(events, &buffer, buffer.count)
      // Events without a name have 16 bytes. Equal ones in a row would be one, but each further opening follows a
      // closing. A program that another thread is starting may close its copy of the former descriptor meanwhile.
      let masks = stride(from: 0, to: max(count, 0), by: 16).map { place in
        buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self) }
      }
      #expect(masks.count { $0 & UInt32(IN_OPEN) != 0 } == 1, "\(masks)")
      withExtendedLifetime(log) {}
    }
  #endif

  @Test func `a path may end in a slash or be the current directory`() throws {
    let log = try SQLiteLog(directory: folder.path + "/x//y/")
    try log.store(.said("a"))
    #expect(SQLiteLog.exists(in: folder.path + "/x/y"))
  }

  private func use<Result>(_ body: (SQLiteLog) throws -> Result) throws -> Result {
    try body(SQLiteLog(directory: folder.path))
  }

  private func cause(_ body: () throws -> Void) -> LogError.Cause? {
    do {
      try body()
      return nil
    } catch {
      return (error as? LogError)?.cause
    }
  }
}
