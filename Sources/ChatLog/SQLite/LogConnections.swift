import CSQLite
import ChatProtocol
import ChatRecords
import GRDB
import GRDBSQLite

/// The connections to the database: one writer and several readers.
struct LogConnections: Sendable {
  let epochs: EpochList
  let secret: [UInt8]
  /// Whether the log was opened on a full disk, so that only `read` may be called.
  var isReadOnly: Bool { hook == nil }
  /// The checkpoints of the connection that writes; nil if there is none.
  private let hook: CheckpointHook?
  private let pool: DatabasePool
  private let directory: LogDirectory
  private let busyTimeout: Duration
  private let checkpointPages: Int
  /// The open files. No program that uses SQLite removes the second one while a connection is open.
  private let files: [FileIdentity?]

  /// Connections for the server's reading and searching threads, and one for its writing thread, which looks for work.
  private static let readers = 5
  /// Size to which the write-ahead log is truncated after a burst.
  private static let writeAheadLogBytes = 64 << 20

  /// Opens the database and migrates it to this version.
  /// - Parameters:
  ///   - checkpointPages: pages of the write-ahead log after which a commit runs a checkpoint.
  ///   - epochs: the known epochs; nil to read them.
  ///   - beginsEpoch: whether a server starts: a new epoch is added to those read, and on a full disk a log that needs no
  ///     migration is opened for reading only.
  init(
    _ directory: LogDirectory, busyTimeout: Duration, checkpointPages: Int = SQLiteLog.checkpointPages,
    epochs: EpochList? = nil, beginsEpoch: Bool = false
  ) throws(LogError) {
    let path = directory.database
    do {
      try Self.check(directory, busyTimeout: busyTimeout)
      let (pool, hook) = try Self.open(
        directory, busyTimeout: busyTimeout, checkpointPages: checkpointPages, mayBeReadOnly: beginsEpoch)
      let secret = try pool.read { database in
        try PreparedStatement("SELECT secret FROM log", in: database).first { $0.blob(0) }
      }
      guard let secret, secret.count == 32 else {
        throw LogError(.corrupt, "\(path) has lost its secret: it is damaged, or no log")
      }
      self.secret = secret
      do {
        self.epochs = if let epochs { epochs } else { try pool.read { try EpochTable($0).list(begins: beginsEpoch) } }
      } catch let error as LogError {
        throw LogError(error.cause, "\(path): \(error)")
      }
      self.pool = pool
      self.hook = hook
    } catch {
      throw LogError(error, "cannot open", path)
    }
    self.directory = directory
    self.busyTimeout = busyTimeout
    self.checkpointPages = checkpointPages
    files = Self.files(in: directory)
  }

  // MARK: Opening

  private static func open(
    _ directory: LogDirectory, busyTimeout: Duration, checkpointPages: Int, mayBeReadOnly: Bool
  ) throws -> (pool: DatabasePool, hook: CheckpointHook?) {
    do {
      let hook = CheckpointHook(directory.database, pages: checkpointPages)
      return (try writablePool(directory, busyTimeout: busyTimeout, hook), hook)
    } catch {
      let failure = LogError(error, "cannot open", directory.database)
      guard mayBeReadOnly, failure.cause == .full,
        try look(at: directory, busyTimeout: busyTimeout, Schema.isCurrent)
      else { throw failure }
      var configuration = poolConfiguration(busyTimeout: busyTimeout)
      configuration.readonly = true
      return (try DatabasePool(path: directory.database, configuration: configuration), nil)
    }
  }

  private static func poolConfiguration(busyTimeout: Duration) -> Configuration {
    var configuration = configuration(busyTimeout: busyTimeout)
    configuration.maximumReaderCount = readers
    // Otherwise a transaction that cannot even be rolled back would end the process. The next transaction fails, and
    // after that a new connection is opened.
    configuration.allowsUnsafeTransactions = true
    configuration.prepareDatabase(SearchIndex.openVocabulary)
    return configuration
  }

  /// Opens the database for writing, and migrates it.
  private static func writablePool(
    _ directory: LogDirectory, busyTimeout: Duration, _ hook: CheckpointHook
  ) throws -> DatabasePool {
    var configuration = poolConfiguration(busyTimeout: busyTimeout)
    configuration.prepareDatabase { database in
      guard !database.configuration.readonly else { return }
      // The connection keeps its configuration, and with it the hook.
      hook.attach(to: database)
      try database.numberingErrors { try Self.beginWriteAheadLog(directory, database) }
    }
    let pool = try DatabasePool(path: directory.database, configuration: configuration)
    try pool.writeWithoutTransaction { database in
      try database.numberingErrors {
        // Set before anything is removed from the index.
        try database.execute(sql: "PRAGMA secure_delete = 1")
        try Schema.migrate(database)
        try database.execute(sql: "PRAGMA journal_size_limit = \(writeAheadLogBytes)")
        try setDurability(isRelaxed: false, database)
        // A failure only makes indexing slower: a log on a full disk can still be opened and read.
        try? SearchIndex(database).setMerging()
      }
    }
    try hook.check()
    return pool
  }

  /// Prepares the connection that writes.
  private static func beginWriteAheadLog(_ directory: LogDirectory, _ database: Database) throws {
    // The files of the write-ahead log outlive the server: on a full disk they could not be made again, and without them
    // not even a reader can open the log. SQLite still empties log.sqlite-shm at the first open and takes its space
    // again; see `hold`.
    var isPersistent: Int32 = 1
    sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &isPersistent)
    // Only `emptyWriteAheadLogOnClose` allows it: a log that proves to be damaged is left alone.
    csqlite_set_checkpoint_on_close(database.sqliteConnection, false)
    try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    // GRDB writes to an empty write-ahead log, and if it cannot, its error says nothing of the disk. It leaves one with
    // contents alone. This statement changes nothing, and writes one page.
    guard LogFileSizes(directory).writeAheadLog == 0, case .known = try Schema.look(at: database) else { return }
    try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
  }

  /// Checks the schema before any write: a database of a later version may have any format.
  static func check(_ directory: LogDirectory, busyTimeout: Duration) throws {
    switch try look(at: directory, busyTimeout: busyTimeout, Schema.look) {
    case .empty, .known: break
    case .tooNew(let version):
      throw LogError(
        .tooNew,
        "\(directory.database) was written by a later version of swiftchat (its schema is \(version), and this program "
          + "knows \(Schema.version)); it was left as it is: use that version, or another directory with --data")
    case .newerTextRule:
      throw LogError(
        .tooNew,
        "\(directory.database) was written by a later version of swiftchat, which compares names and words by another "
          + "rule; it was left as it is: use that version, or another directory with --data")
    case .foreign:
      throw LogError(
        .corrupt, "\(directory.database) is a database, but no log of swiftchat's; choose another directory with --data"
      )
    }
  }

  /// Reads without changing any file.
  static func look<Result>(
    at directory: LogDirectory, busyTimeout: Duration, _ body: (Database) throws -> Result
  ) throws -> Result {
    try reader(of: directory, busyTimeout: busyTimeout).read { database in
      try database.numberingErrors { try body(database) }
    }
  }

  /// Opens the log for the time of a start, in which several connections follow one another. SQLite truncates and
  /// refills log.sqlite-shm whenever no other connection is open. On a full disk, another program could take the space
  /// in between. This connection keeps the file open during the start.
  /// - Returns: nil if there is no log, or an empty one.
  static func hold(_ directory: LogDirectory, busyTimeout: Duration) throws(LogError) -> DatabaseQueue? {
    guard directory.holdsLog, LogFileSizes(directory) != LogFileSizes(database: 0, writeAheadLog: 0) else { return nil }
    do {
      return try reader(of: directory, busyTimeout: busyTimeout)
    } catch {
      throw LogError(error, "cannot open", directory.database)
    }
  }

  private static func reader(of directory: LogDirectory, busyTimeout: Duration) throws -> DatabaseQueue {
    var configuration = configuration(busyTimeout: busyTimeout)
    configuration.readonly = true
    return try DatabaseQueue(path: directory.database, configuration: configuration)
  }

  /// Once in the process, before its first connection.
  private static let preparation: Void = {
    // Indexing takes about a tenth less time without the statistics. They stay on if another library has already opened
    // a connection.
    _ = csqlite_disable_memory_statistics()
  }()

  static func configuration(busyTimeout: Duration) -> Configuration {
    _ = preparation
    var configuration = Configuration()
    configuration.busyMode = .timeout(Double(busyTimeout.nanoseconds) / 1e9)
    // Each insert would look up its conversation again, which was found or created just before.
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { database in
      try database.numberingErrors {
        #if canImport(Darwin)
          // On Darwin, fsync alone does not reach the disk.
          try database.execute(sql: "PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1")
        #endif
        try database.execute(sql: "PRAGMA cache_size = -8000")
        // The first read opens the write-ahead log. If it fails later, within GRDB, the error number is lost.
        try database.execute(sql: "SELECT 1 FROM sqlite_schema LIMIT 1")
      }
    }
    return configuration
  }

  private static func files(in directory: LogDirectory) -> [FileIdentity?] {
    [FileIdentity(of: directory.database), FileIdentity(of: directory.writeAheadLog)]
  }

  /// Opens the same log over new connections.
  func renewed() throws(LogError) -> LogConnections {
    try checkFiles()
    let renewed = try LogConnections(
      directory, busyTimeout: busyTimeout, checkpointPages: checkpointPages, epochs: epochs)
    guard renewed.secret == secret else { throw vanished }
    return renewed
  }

  // MARK: Transactions

  /// - Parameters:
  ///   - isRelaxed: whether the call may return before the data is on disk.
  ///   - isSpoiled: set if the connection stays relaxed, so that it must not be used for writing again.
  ///   - attempt: description of the operation for the error message.
  func write<Result>(
    isRelaxed: Bool, isSpoiled: inout Bool, _ attempt: String, _ body: (Database) throws -> Result
  ) throws(LogError) -> Result {
    // A few system calls, a thousandth of the time of a commit.
    try checkFiles()
    do {
      let result = try pool.writeWithoutTransaction { database -> Result in
        guard isRelaxed else { return try Self.transact(database, body) }
        isSpoiled = true
        try Self.setDurability(isRelaxed: true, database)
        let result = Swift.Result { try Self.transact(database, body) }
        try Self.setDurability(isRelaxed: false, database)
        isSpoiled = false
        return try result.get()
      }
      // The transaction is committed, but may be among what is lost: it is not confirmed.
      try hook?.check()
      return result
    } catch {
      throw LogError(error, attempt, directory.database)
    }
  }

  private static func transact<Result>(_ database: Database, _ body: (Database) throws -> Result) throws -> Result {
    var result: Result?
    try database.numberingErrors {
      try database.inTransaction(.immediate) {
        result = try body(database)
        return .commit
      }
    }
    guard let result else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
    return result
  }

  func read<Result>(_ body: (Database) throws -> Result) throws(LogError) -> Result {
    do {
      return try pool.read { database in try database.numberingErrors { try body(database) } }
    } catch {
      throw LogError(error, "cannot read", directory.database)
    }
  }

  /// Carries the write-ahead log over into the database and truncates it.
  /// - Returns: false if a reader still uses an older state.
  func emptyWriteAheadLog() throws(LogError) -> Bool {
    do {
      return try pool.writeWithoutTransaction { database in
        try database.numberingErrors { try Scrubbing.emptyWriteAheadLog(database) }
      }
    } catch {
      throw LogError(error, "cannot empty the write-ahead log of", directory.database)
    }
  }

  /// Makes the last connection of all programs carry the write-ahead log over into the database when it closes.
  func emptyWriteAheadLogOnClose() {
    try? withWriter { csqlite_set_checkpoint_on_close($0.sqliteConnection, true) }
  }

  /// Number of pages in the write-ahead log as known to SQLite; 0 if there is none.
  func writeAheadLogPages() throws(LogError) -> Int {
    do {
      return try pool.writeWithoutTransaction { database in
        try database.numberingErrors {
          try PreparedStatement("PRAGMA wal_checkpoint (PASSIVE)", in: database).first { max($0.int(1), 0) } ?? 0
        }
      }
    } catch {
      throw LogError(error, "cannot read", directory.database)
    }
  }

  func withWriter(_ body: (Database) throws -> Void) throws { try pool.writeWithoutTransaction(body) }

  /// Call outside transactions.
  private static func setDurability(isRelaxed: Bool, _ database: Database) throws {
    try database.execute(sql: "PRAGMA synchronous = \(isRelaxed ? "NORMAL" : "FULL")")
  }

  /// - Throws: `LogError` with cause `vanished` if the files were removed or replaced.
  func checkFiles() throws(LogError) {
    guard Self.files(in: directory) == files else { throw vanished }
  }

  private var vanished: LogError {
    LogError(
      .vanished,
      "\(directory.database) was removed or replaced while it was open, and nothing is stored any more; put it back, or "
        + "start the server again")
  }
}
