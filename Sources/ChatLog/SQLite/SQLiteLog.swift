import ChatProtocol
import ChatRecords
import GRDB
import GRDBSQLite
import Platform
import Synchronization

/// A log in an SQLite database: confirmed messages are on disk.
///
/// One connection writes, on the calling thread; others read in parallel. If a program removes or replaces the open
/// files, nothing is confirmed any more; the same holds once the log proves to be damaged, or the disk did not keep what
/// was written. After any other fault the log works again as soon as the cause is gone.
public final class SQLiteLog: MessageLog {
  public let epochs: EpochList
  public let secret: [UInt8]

  private let directory: LogDirectory
  private let busyTimeout: Duration
  private let connections: Mutex<LogConnections>
  private let writing = Mutex(Writing())
  private let now: @Sendable () -> Timestamp
  /// The known damage or loss, after which nothing is stored any more.
  private let damage = Mutex<LogError?>(nil)
  /// Held for a server for the lifetime of the log; released last.
  private let lock: DirectoryLock?

  /// State that only the writer uses.
  private struct Writing: Sendable {
    var cache = ConversationCache()
    var committed = CommittedState()
    var needsNewConnections = false
    /// Whether the present epoch is in the database; it is stored before any message.
    var isEpochStored = false
    var checkpoint = CheckpointAgenda()
    /// Nil in a log opened by a helper.
    var record: LogRecord?
    var sizes: LogFileSizes?
    /// Whether the index may have more segments to merge.
    var mayMerge = false
    var startFault: LogError?
  }

  /// State that goes with the database: it is restored after a transaction that failed, perhaps when it was committed.
  private struct CommittedState: Sendable {
    var pruning = Pruning()
    /// Number of transactions that have changed accounts, rules and acts, as of the last such transaction.
    var changes = 0
    /// Time at which the last removal of redacted words from the files began.
    var lastScrubbed: Timestamp?
  }

  /// The user of the log.
  public enum User: Sendable {
    /// The server; a second one is refused. Missing files are created.
    case server
    /// A tool that works beside a server or without one. The log must exist.
    case helper
  }

  /// Pages of the write-ahead log, 4 KiB each, after which a commit runs a checkpoint.
  public static let checkpointPages = 4000

  /// - Parameters:
  ///   - directory: a directory for the log alone.
  ///   - busyTimeout: time to wait for another writing program.
  ///   - checkpointPages: another number than `SQLiteLog.checkpointPages`, for tests.
  ///   - now: clock for the times of marks.
  public init(
    directory path: String, for user: User = .server, busyTimeout: Duration = .seconds(2),
    checkpointPages: Int = SQLiteLog.checkpointPages, now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) throws(LogError) {
    let directory = LogDirectory(path: path)
    self.directory = directory
    self.busyTimeout = busyTimeout
    self.now = now
    let held: DatabaseQueue?
    switch user {
    case .server:
      try directory.makeDirectory()
      let lock = try DirectoryLock(directory)
      held = try LogConnections.hold(directory, busyTimeout: busyTimeout)
      try Continuity(directory).check(busyTimeout: busyTimeout)
      try directory.makeDatabase()
      self.lock = lock
    case .helper:
      guard directory.mayHoldLog else { throw LogError(.other, "there is no log in \(path)") }
      held = try LogConnections.hold(directory, busyTimeout: busyTimeout)
      try Continuity(directory).check(mayBegin: false, busyTimeout: busyTimeout)
      lock = nil
    }
    let exclusion = try lock == nil ? Self.exclusion(in: directory, busyTimeout: busyTimeout) : nil
    let connections = try LogConnections(
      directory, busyTimeout: busyTimeout, checkpointPages: checkpointPages, beginsEpoch: lock != nil)
    withExtendedLifetime(exclusion) {}
    withExtendedLifetime(held) {}
    (epochs, secret) = (connections.epochs, connections.secret)
    self.connections = Mutex(connections)
    guard let lock else { return }
    do {
      let (lastID, changes) = try write(.untilOnDisk, "cannot begin an epoch in") { database, writing in
        try writing.cache.refresh(database)
        return (writing.cache.lastID, try RegistryTables(database).changes())
      }
      let record = LogRecord(epoch: epochs.current.text, lastID: lastID, changes: changes)
      writing.withLock { $0.record = record }
      lock.write(record)
    } catch {
      // A log on a full disk can be read; the first stored message will store the epoch too.
      guard error.cause == .full else { throw error }
      writing.withLock {
        $0.record = LogRecord(epoch: epochs.current.text, lastID: 0, changes: 0)
        $0.startFault = error
      }
      return
    }
    do {
      // Without its write-ahead log, a database that was never checkpointed would look empty.
      try checkpoint()
    } catch {
      // The write-ahead log has room, so that messages can be stored. `catchUp` tries the checkpoint again.
      guard error.cause == .full else { throw error }
    }
  }

  /// A sound log is in one file at the end. A damaged one is left alone: the database may be another file, to which the
  /// write-ahead log does not belong.
  deinit {
    guard damage.withLock({ $0?.cause }) != .corrupt else { return }
    connections.withLock { $0 }.emptyWriteAheadLogOnClose()
  }

  /// Why a server could store nothing when it opened the log: the disk was full. Nil if it could.
  public var startFault: LogError? { writing.withLock { $0.startFault } }

  /// Keeps servers out while a helper migrates a log of another version or `TextRule`: a server that runs writes by the
  /// schema and the rule that it found.
  /// - Returns: nil if the log is current.
  private static func exclusion(
    in directory: LogDirectory, busyTimeout: Duration
  ) throws(LogError) -> DirectoryLock? {
    let isCurrent: Bool
    do {
      isCurrent = try LogConnections.look(at: directory, busyTimeout: busyTimeout) { database in
        // Any other state is refused, or has nothing to migrate.
        guard case .known = try Schema.look(at: database) else { return true }
        return try Schema.isCurrent(database)
      }
    } catch {
      throw LogError(error, "cannot open", directory.database)
    }
    guard !isCurrent else { return nil }
    do throws(LogError) { return try DirectoryLock(directory) } catch {
      guard error.cause == .locked else { throw error }
      throw LogError(
        .locked,
        "\(directory.path) is in use by a server of another version, or by a command that updates it; wait for the "
          + "command, and stop the server, or restart it with this version")
    }
  }

  /// Whether the directory contains a log.
  public static func exists(in directory: String) -> Bool { LogDirectory(path: directory).holdsLog }

  /// Whether the directory contains a log, or is closed to this user; opening the log then gives the reason.
  public static func mayExist(in directory: String) -> Bool { LogDirectory(path: directory).mayHoldLog }

  /// - Throws: `LogError` if a server would refuse to start with this directory.
  public static func check(directory path: String) throws(LogError) {
    try Continuity(LogDirectory(path: path)).check(busyTimeout: .seconds(2))
  }

  // MARK: Storing

  public func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoreOutcome] {
    guard !messages.isEmpty else { return [] }
    return try write(.untilOnDisk, "cannot store in") { database, writing in
      try writing.cache.refresh(database)
      var appending = try Appending(database, at: time, epoch: epochs.number)
      var outcomes: [StoreOutcome] = []
      outcomes.reserveCapacity(messages.count)
      for message in messages { outcomes.append(try appending.append(message, &writing.cache)) }
      try appending.finish(&writing.cache)
      return outcomes
    }
  }

  public func keep(_ marks: [ReadMark]) throws(LogError) {
    guard !marks.isEmpty else { return }
    let day = now().day
    try write(.inOrder, "cannot keep marks in") { database, _ in try MarkTable(database).keep(marks, day: day) }
  }

  public func prune(_ retention: Retention, at now: Timestamp) throws(LogError) -> Bool {
    let begun = writing.withLock { writing in
      writing.committed.pruning.begin(retention, at: now)
      return writing.committed.pruning
    }
    if begun.isSearching {
      // Not in a write transaction, which other programs would have to wait for, such as a server.
      let searched = try read { database -> Pruning in
        var pruning = begun
        try pruning.search(in: database)
        return pruning
      }
      writing.withLock { $0.committed.pruning = searched }
      guard !searched.isSearching else { return true }
    }
    return try write(.inOrder, "cannot prune") { database, writing in
      try writing.committed.pruning.removeSlice(retention, at: now, in: database)
    }
  }

  /// Number of messages removed by `prune`.
  public var prunedMessages: Int { writing.withLock { $0.committed.pruning.removed } }

  /// The maximum number of messages that one call of `catchUp` indexes, in one transaction.
  public static let slice = 2000

  /// Slices are as large without urgency.
  public func catchUp(isUrgent: Bool) throws(LogError) -> DeferredWork {
    // Usually there is nothing to do; checking with a read does not block the writer.
    let (isBehind, step) = try read { (try SearchIndex($0).isBehind(), try Scrubbing($0).step()) }
    let work: DeferredWork
    do throws(LogError) {
      work = try maintainIndex(isBehind: isBehind, step)
    } catch {
      // Emptying the write-ahead log removes erased texts from it. On a full disk it may succeed where the index cannot
      // grow, and then makes room.
      if step == .empty { _ = try? scrub(step) }
      try? checkpointIfDue()
      throw error
    }
    try checkpointIfDue()
    return work
  }

  /// - Parameters:
  ///   - isBehind: whether messages wait to be indexed.
  ///   - step: the next step of removing erased words.
  private func maintainIndex(isBehind: Bool, _ step: Scrubbing.Step) throws(LogError) -> DeferredWork {
    var work = isBehind ? try indexSlice() : DeferredWork(hasMore: false, indexed: 0)
    // Also while messages keep coming.
    if try scrub(step) { work.hasMore = true }
    if !isBehind, !work.hasMore { work.hasMore = try mergeIndex() }
    return work
  }

  /// - Returns: whether there may be more to index or to merge, and the number of messages.
  private func indexSlice() throws(LogError) -> DeferredWork {
    let work = try write(.inOrder, "cannot index") { database, _ in
      let index = SearchIndex(database)
      let count = try index.catchUp(limit: Self.slice)
      // If the slice is not full, the index keeps up with the messages, and there is time.
      let hasMore = try count == Self.slice || index.merge(pages: Self.mergedPages)
      return DeferredWork(hasMore: hasMore, indexed: count)
    }
    writing.withLock { $0.mayMerge = work.hasMore }
    return work
  }

  /// Number of index pages, 4 KiB each, that one call of `catchUp` merges.
  private static let mergedPages = 100

  /// - Returns: whether there may be more to merge.
  private func mergeIndex() throws(LogError) -> Bool {
    // After a failure, as on a full disk, this waits for the next messages.
    let mayMerge = writing.withLock { writing in
      defer { writing.mayMerge = false }
      return writing.mayMerge
    }
    guard mayMerge else { return false }
    let hasMerged = try write(.inOrder, "cannot index") { database, _ in
      try SearchIndex(database).merge(pages: Self.mergedPages)
    }
    writing.withLock { $0.mayMerge = hasMerged }
    return hasMerged
  }

  /// Minimum time between two starts, in milliseconds: a scrub rewrites the whole index, too costly for each redacted
  /// message.
  private static let scrubbingInterval: Int64 = 600_000

  /// - Returns: whether there is more to do.
  private func scrub(_ step: Scrubbing.Step) throws(LogError) -> Bool {
    switch step {
    case .none: return false
    case .begin, .merge:
      let now = now()
      return try write(.inOrder, "cannot take out erased words of") { database, writing in
        if step == .begin {
          let last = writing.committed.lastScrubbed ?? Timestamp(milliseconds: .min)
          guard last > now || !now.isWithin(Self.scrubbingInterval, of: last) else { return false }
          writing.committed.lastScrubbed = now
        }
        try Scrubbing(database).merge()
        return true
      }
    case .empty:
      guard try emptyWriteAheadLog() else { return false }
      try write(.inOrder, "cannot take out erased words of") { database, _ in try Scrubbing(database).finish() }
      return false
    }
  }

  /// Carries the write-ahead log over into the database, unless a reader still uses an older state.
  private func checkpoint() throws(LogError) {
    guard try emptyWriteAheadLog() else { return }
    writing.withLock { writing in
      writing.checkpoint.finish(at: .now())
      writing.sizes = LogFileSizes(directory)
    }
  }

  private func checkpointIfDue() throws(LogError) {
    if writing.withLock({ $0.checkpoint.isDue(at: .now()) }) { try checkpoint() }
  }

  /// Takes note of faults like `write`. A damaged log is left alone: the database may be another file, to which the
  /// write-ahead log does not belong. After a failed fsync, however, the checkpoint runs, because it writes the same
  /// pages again.
  /// - Returns: false if a reader still uses an older state.
  private func emptyWriteAheadLog() throws(LogError) -> Bool {
    let outcome: Swift.Result<Bool, LogError> = writing.withLock { writing in
      do throws(LogError) {
        let known = damage.withLock { $0 }
        if let known, known.cause == .corrupt { throw known }
        let connections = try connections(renewing: known == nil && writing.needsNewConnections)
        if known == nil { writing.needsNewConnections = false }
        return .success(try connections.emptyWriteAheadLog())
      } catch {
        note(error)
        if error.cause.callsForNewConnection { writing.needsNewConnections = true }
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private enum Durability {
    /// The call returns when the data is on disk.
    case untilOnDisk
    /// Loss of power may lose the data, but never without losing everything stored after it.
    case inOrder
  }

  /// Runs the body in a transaction and discards cached state that was not committed.
  private func write<Result: Sendable>(
    _ durability: Durability, _ attempt: String, _ body: (Database, inout Writing) throws -> Result
  ) throws(LogError) -> Result {
    let outcome: Swift.Result<Result, LogError> = writing.withLock { writing in
      let committed = writing.committed
      var isSpoiled = false
      do throws(LogError) {
        if let damage = damage.withLock({ $0 }) { throw damage }
        let connections = try connections(renewing: writing.needsNewConnections)
        writing.needsNewConnections = false
        try checkSizes(&writing, connections)
        let result = try connections.write(isRelaxed: durability == .inOrder, isSpoiled: &isSpoiled, attempt) {
          database in
          if lock != nil, !writing.isEpochStored { try EpochTable(database).insert(epochs) }
          return try body(database, &writing)
        }
        writing.isEpochStored = true
        writing.cache.commit()
        writing.checkpoint.note(at: .now())
        writing.sizes = LogFileSizes(directory)
        if durability == .untilOnDisk { note(&writing) }
        return .success(result)
      } catch {
        writing.cache.forget()
        writing.committed = committed
        note(error)
        if isSpoiled || error.cause.callsForNewConnection { writing.needsNewConnections = true }
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  /// Records what was confirmed in the lock file.
  private func note(_ writing: inout Writing) {
    guard var record = writing.record else { return }
    record.lastID = max(record.lastID, writing.cache.lastID)
    record.changes = max(record.changes, writing.committed.changes)
    guard record != writing.record else { return }
    writing.record = record
    lock?.write(record)
  }

  // MARK: Damage

  /// Data that cannot be read, or that the disk did not keep, may be lost, and data stored after it would be lost at the
  /// next start.
  private func note(_ error: LogError) {
    guard error.cause == .corrupt || error.cause == .unsynced else { return }
    damage.withLock { damage in
      damage = damage ?? LogError(error.cause, "nothing is stored any more until the server starts again: \(error)")
    }
  }

  /// If a file is the same but shorter than this log left it, it was truncated by another program.
  private func checkSizes(_ writing: inout Writing, _ connections: LogConnections) throws(LogError) {
    guard let known = writing.sizes else { return }
    try connections.checkFiles()
    let sizes = LogFileSizes(directory)
    if sizes.database < known.database {
      throw LogError(
        .corrupt,
        "\(directory.database) is shorter than it was: it is damaged; \(LogError.restoration(of: directory.database))")
    }
    guard sizes.writeAheadLog < known.writeAheadLog else { return }
    // Another program may have run a checkpoint.
    let pages = try connections.writeAheadLogPages()
    if Int64(pages) * 4096 > LogFileSizes(directory).writeAheadLog {
      throw LogError(
        .corrupt,
        "\(directory.writeAheadLog) is shorter than it was: what was stored last is gone; "
          + LogError.restoration(of: directory.database))
    }
  }

  // MARK: Reading

  public func page(_ request: PageRequest) throws(LogError) -> Page {
    try read { try MessageTable($0).page(request) }
  }

  public func search(
    _ request: SearchRequest, until mustStop: @escaping @Sendable () -> Bool
  ) throws(LogError) -> Page {
    try noting { database in
      var searching = try Searching(request, in: database, until: mustStop)
      return try searching?.run() ?? Page(messages: [], hasMore: false)
    }
  }

  public func lastID() throws(LogError) -> Int { try read { try ConversationTable($0).lastID() } }

  public func lastTime() throws(LogError) -> Timestamp? { try read { try MessageTable($0).lastTime() } }

  public func rooms() throws(LogError) -> [RoomState] {
    try read { database in
      let table = ConversationTable(database)
      return try table.rooms().compactMap { row in
        guard var state = row.roomState else { return nil }
        state.hasMessages = try state.topic != nil || table.hasMessages(row.id)
        return state
      }
    }
  }

  public func state(of member: MemberID) throws(LogError) -> MemberState {
    try read { database in
      let pairs = try ConversationTable(database).pairs(of: member, limit: MemberState.maximumCorrespondents)
      return MemberState(
        correspondents: pairs.compactMap { $0.correspondent(of: member) },
        marks: try MarkTable(database).marks(of: member))
    }
  }

  // MARK: Registry

  public func record(_ changes: [RegistryChange]) throws(LogError) {
    guard !changes.isEmpty else { return }
    try write(.untilOnDisk, "cannot record in") { database, writing in
      // A deleted room gets another row.
      if changes.contains(where: \.isDeletion) { writing.cache.forget() }
      try RegistryTables(database).record(changes)
      writing.committed.changes = try RegistryTables(database).changes()
    }
  }

  public func registry() throws(LogError) -> RegistryState { try read { try RegistryTables($0).state() } }

  public func acts(limit: Int) throws(LogError) -> [Act] { try read { try ActTable($0).newest(limit) } }

  public func redact(
    _ conversation: Conversation, sequence: Int, author: MemberID?, noting note: RedactionNote?
  ) throws(LogError) -> StoredMessage? {
    try write(.untilOnDisk, "cannot erase in") { database, writing in
      // The message may be a topic, which is cached.
      writing.cache.forget()
      writing.checkpoint.hurry()
      let message = try MessageRedaction(database).redact(conversation, sequence: sequence, author: author)
      if let message, let act = note?.act(for: message) { try ActTable(database).add(act) }
      return message
    }
  }

  /// The limit of a read in CPU time. A page or a member's state takes milliseconds; a database that needs longer than
  /// this is damaged or was manipulated. On a busy machine or a slow disk, a sound one may take longer by the clock.
  private static let readingBudget = Duration.seconds(10)

  private func read<Result>(_ body: (Database) throws -> Result) throws(LogError) -> Result {
    let limit = CPUTime.ofThisThread() + Self.readingBudget
    return try noting { database in
      try Interruption.watch(database, until: { CPUTime.ofThisThread() >= limit }) { try body(database) }
    }
  }

  private func noting<Result>(_ body: (Database) throws -> Result) throws(LogError) -> Result {
    do {
      return try connections.withLock { $0 }.read(body)
    } catch {
      note(error)
      throw error
    }
  }

  // MARK: Connections

  /// Connections for writing. A log that was opened on a full disk is opened again.
  private func connections(renewing: Bool) throws(LogError) -> LogConnections {
    let present = connections.withLock { $0 }
    guard renewing || present.isReadOnly else { return present }
    let renewed = try present.renewed()
    connections.withLock { $0 = renewed }
    return renewed
  }

  /// For tests that simulate disk faults through the connection.
  func withWriter(_ body: (Database) throws -> Void) throws {
    try connections.withLock { $0 }.withWriter(body)
  }
}
