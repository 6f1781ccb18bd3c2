import ChatProtocol
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ChatLog

/// The connection to PostgreSQL: values, errors, and limits of time.
@Suite(.blocking) struct PostgresConnectionTests {
  private let database: PostgresDatabase
  private let connection: PostgresConnection

  init() throws {
    database = try PostgresServer.shared.get().database()
    connection = try PostgresConnection(database.logURL)
  }

  @Test func `values of all types arrive as they were sent`() throws {
    var (texts, bytes, flags) = (PostgresArray(.text), PostgresArray(.bytes), PostgresArray(.boolean))
    for text in ["", "größe 👍🏽", nil, "{\"a,b\"}"] { texts.append(text) }
    for value in [[], [0, 1, 255], nil] as [[UInt8]?] { bytes.append(value) }
    for flag in [true, false] { flags.append(flag) }
    let row = try #require(
      try connection.execute(
        """
        SELECT $1::bigint, $2::text, $3::bytea, $4::boolean, $5::bigint[], cardinality($6::text[]), ($6::text[])[2],
          ($6::text[])[3] IS NULL, ($7::bytea[])[2], cardinality($8::bigint[]), $9::bigint, ($10::boolean[])[2]
        """,
        [
          .int8(.min), .text("a'b\\"), .bytes([0, 39, 255]), .boolean(true), .int8s([.min, 0, .max]), texts.parameter,
          bytes.parameter, .ints([]), .int8(nil), flags.parameter,
        ]
      ).first)
    #expect(row.int64(0) == .min)
    #expect(row.text(1) == "a'b\\")
    #expect(row.bytes(2) == [0, 39, 255])
    #expect(row.bool(3))
    #expect(row.ints(4) == [.min, 0, .max])
    #expect(row.int(5) == 4)
    #expect(row.text(6) == "größe 👍🏽")
    #expect(row.bool(7))
    #expect(row.bytes(8) == [0, 1, 255])
    #expect(row.int(9) == 0)
    #expect(row.isNull(10) && row.optionalInt64(10) == nil)
    #expect(!row.bool(11))
  }

  @Test func `a failed statement says what is wrong, and the connection goes on`() throws {
    let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1/0") }
    #expect(error?.state == "22012")
    #expect(error?.isLost == false)
    #expect(throws: PostgresError.self) {
      try connection.transaction { () throws(PostgresError) in try connection.execute("SELECT nonsense") }
    }
    #expect(try connection.execute("SELECT 1::bigint").first?.int(0) == 1)
  }

  @Test func `a transaction whose body fails changes nothing`() throws {
    try connection.run("CREATE TEMP TABLE t (a bigint)")
    #expect(throws: PostgresError.self) {
      try connection.transaction { () throws(PostgresError) in
        try connection.execute("INSERT INTO t VALUES (1)")
        throw PostgresError(message: "no")
      }
    }
    #expect(try connection.execute("SELECT count(*) FROM t").first?.int(0) == 0)
    try connection.transaction { () throws(PostgresError) in try connection.execute("INSERT INTO t VALUES (1)") }
    #expect(try connection.execute("SELECT count(*) FROM t").first?.int(0) == 1)
  }

  /// Waits for a lock that another connection holds.
  private static let endlessStatement = "SELECT pg_advisory_lock(1)"

  /// Without the time limits of a log's connection, which a loaded machine reaches before a test cancels the statement.
  private static func executeEndless(
    on connection: PostgresConnection, until mustStop: () -> Bool
  ) throws(PostgresError) {
    try connection.run("SET statement_timeout = 0; SET lock_timeout = 0")
    _ = try connection.executeOnce(endlessStatement, [], until: mustStop)
  }

  private func connectionWithLock() throws -> PostgresConnection {
    let other = try PostgresConnection(database.logURL)
    try other.execute(Self.endlessStatement)
    return other
  }

  @Test func `a running statement is cancelled, and the connection goes on`() throws {
    let other = try connectionWithLock()
    defer { withExtendedLifetime(other) {} }
    // Other tests may hold up the threads of the system's queue.
    connection.sendCancel = { send in Thread.detachNewThread { send() } }
    let error = #expect(throws: PostgresError.self) {
      try Self.executeEndless(on: connection) { true }
    }
    #expect(error?.state == PostgresError.State.cancelled)
    #expect(LogError.Cause(try #require(error)) == .interrupted)
    #expect(try connection.execute("SELECT 1::bigint").first?.int(0) == 1)
  }

  private static func process(of connection: PostgresConnection) throws(PostgresError) -> Int {
    try connection.execute("SELECT pg_backend_pid()::bigint").first?.int(0) ?? 0
  }

  @Test func `a connection serves the next read only if no cancel request can hit it`() throws {
    let other = try connectionWithLock()
    let readers = PostgresReaders(database.logURL)
    func nextProcess() throws -> Int {
      try readers.read("cannot read") { connection throws(PostgresError) -> Int in try Self.process(of: connection) }
    }
    let received = try readers.read("cannot read") { connection throws(PostgresError) -> Int in
      connection.sendCancel = { send in send() }
      do throws(PostgresError) {
        try Self.executeEndless(on: connection) { true }
      } catch { guard error.state == PostgresError.State.cancelled else { throw error } }
      return try Self.process(of: connection)
    }
    #expect(try nextProcess() == received)
    var unsent: [@Sendable () -> Void] = []
    let late = try readers.read("cannot read") { connection throws(PostgresError) -> Int in
      connection.sendCancel = { send in unsent.append(send) }
      // The statement ends by itself after it was to be cancelled.
      try Self.executeEndless(on: connection) { (try? other.run("SELECT pg_advisory_unlock_all()")) != nil }
      return try Self.process(of: connection)
    }
    #expect(unsent.count == 1)
    #expect(try nextProcess() != late)
    for send in unsent { send() }
    #expect(try nextProcess() != late)
  }

  @Test func `the server ends a statement that takes too long`() throws {
    let other = try connectionWithLock()
    defer { withExtendedLifetime(other) {} }
    try connection.run("SET statement_timeout = 20")
    let error = #expect(throws: PostgresError.self) { try connection.execute(Self.endlessStatement) }
    #expect(error.map { LogError.Cause($0) } == .interrupted)
  }

  @Test func `a connection whose time to answer is over is lost`() throws {
    let other = try connectionWithLock()
    defer { withExtendedLifetime(other) {} }
    connection.answerPatience = .milliseconds(1)
    let error = #expect(throws: PostgresError.self) { try connection.execute(Self.endlessStatement) }
    #expect(error?.isLost == true && error?.message == "the server does not answer")
  }

  @Test func `a connection that the server ended is lost, with its statement in doubt`() throws {
    let other = try connectionWithLock()
    defer { withExtendedLifetime(other) {} }
    let row = try #require(try connection.execute("SELECT pg_backend_pid()::bigint").first)
    let error = #expect(throws: PostgresError.self) {
      try connection.execute("SELECT pg_terminate_backend($1::integer::int), pg_advisory_lock(1)", [.int(row.int(0))])
    }
    #expect(error?.isLost == true && error?.isInDoubt == true)
    let next = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
    #expect(next?.isLost == true && next?.isInDoubt == false)
  }

  @Test func `the end of an idle connection is noticed before anything is sent`() throws {
    let process = try #require(try connection.execute("SELECT pg_backend_pid()::bigint").first).int(0)
    try database.run("SELECT pg_terminate_backend(\(process))")
    while try !database.run("SELECT pid FROM pg_stat_activity WHERE pid = \(process)").isEmpty {}
    let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
    #expect(error?.isLost == true && error?.isInDoubt == false)
  }

  // MARK: Errors for the operator

  private func failure(_ url: String) throws -> LogError {
    let url = try #require(PostgresURL(url))
    return try #require(#expect(throws: LogError.self) { _ = try PostgresConnection(url) })
  }

  @Test func `a server that is not there is unreachable`() throws {
    let port = try ReservedPort()
    let error = try failure("postgresql://chat:secret@127.0.0.1:\(port.number)/chat")
    #expect(error.cause == .unreachable)
    #expect("\(error)".contains("Connection refused") && !"\(error)".contains("secret"), "\(error)")
    #expect("\(error)".hasPrefix("cannot connect to postgresql://chat@127.0.0.1:\(port.number)/chat: "), "\(error)")
  }

  @Test func `of several hosts, those that are dead or silent are passed over`() throws {
    let (dead, silent) = (try ReservedPort(), try ReservedPort())
    silent.beSilent()
    let directory = database.server.directory
    func url(_ hosts: [(String, Int)], _ rest: String = "") throws -> PostgresURL {
      let names = hosts.map(\.0).joined(separator: ",")
      let ports = hosts.map { String($0.1) }.joined(separator: ",")
      let url = database.logURL.secretText
      let path = url.split(separator: "?")[0].split(separator: "/").last ?? ""
      return try #require(PostgresURL("postgresql://swiftchat@/\(path)?host=\(names)&port=\(ports)\(rest)"))
    }
    let local = (directory, 5432)
    _ = try PostgresConnection(url([("127.0.0.1", dead.number), ("127.0.0.1", silent.number), local]))
    // The first that answers decides, even if it refuses.
    let refused = #expect(throws: LogError.self) {
      _ = try PostgresConnection(
        try #require(PostgresURL("postgresql://nobody@/x?host=\(directory),127.0.0.1&port=\(local.1),\(silent.number)"))
      )
    }
    #expect(refused?.cause == .misconfigured)
    let nobody = #expect(throws: LogError.self) {
      _ = try PostgresConnection(url([("127.0.0.1", silent.number), ("127.0.0.1", dead.number)]))
    }
    #expect(nobody?.cause == .unreachable && nobody?.description.contains("Connection refused") == true)
  }

  @Test func `a wrong password and a missing one are reported, and never shown`() throws {
    try database.run(
      """
      DO $$ BEGIN
        CREATE ROLE guarded LOGIN PASSWORD 'right';
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END $$
      """)
    let error = try failure(database.url(as: "guarded:secret"))
    #expect(error.cause == .misconfigured)
    #expect("\(error)".contains("password authentication failed") && !"\(error)".contains("secret"), "\(error)")
    #expect("\(error)".contains("28P01") && !"\(error)".contains("\n"), "\(error)")
    let missing = try failure(database.url(as: "guarded"))
    #expect(missing.cause == .misconfigured)
    #expect("\(missing)".contains("no password supplied"), "\(missing)")
    _ = try PostgresConnection(database.url(as: "guarded:right"))
  }

  @Test func `a database or a user that does not exist is reported`() throws {
    let absent = try failure("postgresql://swiftchat@/nothing?host=\(database.server.directory)")
    #expect(absent.cause == .misconfigured && "\(absent)".contains("\"nothing\" does not exist"), "\(absent)")
    let user = try failure(database.url(as: "nobody"))
    #expect(user.cause == .misconfigured && "\(user)".contains("\"nobody\" does not exist"), "\(user)")
  }

  @Test func `an address that is none is not shown with what was wrong in it`() throws {
    let error = try failure("postgresql://chat:sec%zzret@db/chat")
    #expect(error.cause == .misconfigured)
    #expect(
      "\(error)".contains("postgresql://chat@db/chat is not an address") && !"\(error)".contains("sec"), "\(error)")
  }

  @Test(arguments: ["sec/ret", "sec@ret", "sec/r@et", "sec@r/et", "5/sec@ret"])
  func `a password with characters that are not encoded is refused, and no part of it is shown`(
    password: String
  ) throws {
    let error = try failure("postgresql://chat:\(password)@db/chat")
    #expect(error.cause == .misconfigured)
    #expect("\(error)".hasPrefix("postgresql://chat@db/chat has more than one @"), "\(error)")
    #expect("\(error)".contains("in user, password and name of the database, write"), "\(error)")
    #expect("\(error)".contains("%XX") && !"\(error)".contains("sec") && !"\(error)".contains("et"), "\(error)")
  }

  @Test func `a library that is missing is reported with the package that has it`() throws {
    let error = try #require(#expect(throws: LogError.self) { try PostgresLibrary.tryLoading("libnothing.so.5") })
    #expect(error.cause == .misconfigured)
    #expect("\(error)".hasPrefix("PostgreSQL's client library is missing: install libpq5 (Debian, Ubuntu)"), "\(error)")
    #expect("\(error)".contains("libnothing.so.5") && !"\(error)".contains("\n"), "\(error)")
  }

  @Test func `a server that stops answering ends the connection within seconds`() throws {
    let server = try PostgresServer()
    let connection = try PostgresConnection(server.database().logURL)
    try server.pause()
    let start = MonotonicTime.now()
    let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
    #expect(error?.isLost == true)
    #expect(MonotonicTime.now() - start < .seconds(30))
    try server.resume()
  }
}
