import ChatProtocol
import ChatRecords
import GRDB

/// Copies a log on a disk into a database that has none: messages with their ids, sequences and times, the epochs and
/// the secret, so that clients go on where they were, and accounts, rules, marks and acts.
///
/// No server may use either of them meanwhile. A copy that was interrupted goes on where it ended; until it is complete
/// and compared, no server starts on the database.
public struct LogImport {
  /// Numbers of copied records.
  public struct Summary: Hashable, Sendable {
    public var messages = 0
    public var conversations = 0
    /// The same for both logs.
    public var checksum: UInt64 = 0
  }

  private let source: LogConnections
  private let lock: DirectoryLock
  let connection: PostgresConnection
  private let url: PostgresURL
  private let directory: String

  /// - Throws: `LogError`, also if a server uses one of the logs, or if the database has a log already.
  public init(from path: String, to url: PostgresURL) throws(LogError) {
    let directory = LogDirectory(path: path)
    guard directory.mayHoldLog else { throw LogError(.other, "there is no log in \(path)") }
    self.directory = path
    self.url = url
    lock = try DirectoryLock(directory)
    try Continuity(directory).check(mayBegin: false, busyTimeout: .seconds(5))
    // No commit runs a checkpoint: a log that proves to be damaged is left alone.
    source = try LogConnections(directory, busyTimeout: .seconds(5), checkpointPages: .max)
    connection = try PostgresConnection(url)
    try PostgresSchema.migrate(connection, url)
    do throws(PostgresError) {
      try Self.lock(connection)
      try Self.liftLimits(of: connection)
    } catch { throw LogError(error, "cannot use", url) }
  }

  /// Prevents other imports as long as the connection lasts.
  private static func lock(_ connection: PostgresConnection) throws(PostgresError) {
    let row = try connection.execute(
      "SELECT pg_try_advisory_lock(\(PostgresSchema.Lock.importing.rawValue))"
    ).first
    guard row?.bool(0) == true else { throw PostgresError(state: "55P03", message: "another import is under way") }
  }

  /// The time for each statement, and between two of a transaction.
  private static let patience = Duration.seconds(600)

  /// Nobody waits for the import. A slice that takes longer than the limits of a server would do so again at each
  /// attempt.
  private static func liftLimits(of connection: PostgresConnection) throws(PostgresError) {
    try connection.run(
      """
      SET statement_timeout = 0; SET lock_timeout = 0;
      SET idle_in_transaction_session_timeout = '\(patience.components.seconds)s'
      """)
    connection.answerPatience = patience
  }

  private static let slice = 4000

  /// - Parameter progress: called after each slice with the number of messages copied, and that of all.
  public func run(_ progress: (_ copied: Int, _ all: Int) -> Void) throws(LogError) -> Summary {
    try begin()
    var last = try target { connection throws(PostgresError) in
      try connection.execute("SELECT coalesce(max(id), 0) FROM messages").first?.int(0) ?? 0
    }
    var (copied, all) = (0, 0)
    // In the target, counting would read the whole table.
    try source.read { database in
      let count = try PreparedStatement("SELECT count(*), coalesce(sum(id <= ?), 0) FROM messages", in: database)
      count.bind(last, at: 1)
      _ = try count.first { (all, copied) = ($0.int(0), $0.int(1)) }
    }
    while true {
      let rows = try ImportedMessage.read(after: last, limit: Self.slice, from: source)
      guard let end = rows.last?.id else { break }
      try target { connection throws(PostgresError) in try ImportedMessage.write(rows, to: connection) }
      (last, copied) = (end, copied + rows.count)
      progress(copied, all)
    }
    let tables = try ImportedTables(source)
    var summary = try compare()
    summary.conversations = tables.conversations.count
    try target { connection throws(PostgresError) in
      try connection.transaction { () throws(PostgresError) in
        try tables.write(to: connection)
        try connection.run("DROP TABLE import")
      }
    }
    // Everything was read and compared. Afterwards, the log is in one file again.
    source.emptyWriteAheadLogOnClose()
    analyze()
    return summary
  }

  /// Lets PostgreSQL plan well at once. The import is complete without it, and autovacuum does it later.
  private func analyze() {
    do throws(PostgresError) { try connection.run("ANALYZE") } catch {}
  }

  /// Begins the import, or finds the one that was interrupted.
  private func begin() throws(LogError) {
    let (epoch, name) = (source.secret, directory)
    let state = try target { connection throws(PostgresError) in
      try connection.transaction { () throws(PostgresError) -> String in
        // A server that opens the log at the same moment waits, and then finds the import.
        try connection.execute("SELECT FROM log FOR UPDATE")
        let isUnderWay = try PostgresSchema.hasImport(connection)
        if isUnderWay {
          let same = try connection.execute("SELECT FROM import WHERE secret = $1", [.bytes(epoch)]).count > 0
          return same ? "" : "it has the unfinished import of another log; drop the schema \(PostgresSchema.name) first"
        }
        let used = try connection.execute(
          """
          SELECT EXISTS (SELECT FROM messages) OR EXISTS (SELECT FROM conversations) OR EXISTS (SELECT FROM accounts)
            OR EXISTS (SELECT FROM acts) OR EXISTS (SELECT FROM epochs)
          """
        ).first?.bool(0)
        guard used == false else { return "it has a log already, which was left as it is" }
        try connection.run("CREATE TABLE import (secret bytea NOT NULL, directory text NOT NULL)")
        try connection.execute("INSERT INTO import VALUES ($1, $2)", [.bytes(epoch), .text(name)])
        return ""
      }
    }
    guard state.isEmpty else { throw LogError(.other, "cannot import into \(url): \(state)") }
  }

  /// Compares all messages of both logs.
  private func compare() throws(LogError) -> Summary {
    var summary = Summary()
    var checksum = Checksum()
    var last = 0
    while true {
      let rows = try ImportedMessage.read(after: last, limit: Self.slice, from: source)
      let copies = try target { connection throws(PostgresError) in
        try ImportedMessage.read(after: last, limit: Self.slice, from: connection)
      }
      guard rows == copies else {
        throw LogError(
          .other,
          "the messages in \(url) after id \(last) are not those of \(directory), which has changed since the import "
            + "began; drop the schema \(PostgresSchema.name) and import again")
      }
      guard let end = rows.last?.id else { break }
      for row in copies { row.add(to: &checksum) }
      (last, summary.messages) = (end, summary.messages + rows.count)
    }
    summary.checksum = checksum.value
    return summary
  }

  private func target<Value>(
    _ body: (PostgresConnection) throws(PostgresError) -> Value
  ) throws(LogError) -> Value {
    do throws(PostgresError) { return try body(connection) } catch { throw LogError(error, "cannot import into", url) }
  }
}

/// FNV-1a, over the fields of all messages.
struct Checksum {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // Separates the fields.
    value = (value ^ 0xff) &* 0x100_0000_01b3
  }

  mutating func add(_ number: Int64) { withUnsafeBytes(of: number.bigEndian) { add($0) } }
}
