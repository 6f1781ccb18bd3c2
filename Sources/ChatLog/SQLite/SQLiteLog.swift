import ChatProtocol
import GRDB
import GRDBSQLite
import Synchronization

/// A log in an SQLite database: what it confirmed is on the disk.
///
/// One connection writes, on whichever thread calls, and others read beside it. A program that removes or replaces the
/// files while they are open takes the log away: from then on nothing is confirmed any more, and neither is it once the
/// log turned out to be damaged. After any other fault it works again as soon as the cause is gone.
public final class SQLiteLog: MessageLog {
  public let epochs: EpochList
  public let secret: [UInt8]

  private let directory: LogDirectory
  private let busyTimeout: Duration
  private let connections: Mutex<LogConnections>
  private let writing = Mutex(Writing())
  private let now: @Sendable () -> Timestamp
  /// What is known to be wrong with the log: nothing is stored any more.
  private let damage = Mutex<LogError?>(nil)
  /// Held for a server, as long as it lives; the last to go.
  private let lock: DirectoryLock?

  /// What only who writes needs.
  private struct Writing: Sendable {
    var heads = Heads()
    var pruning = Pruning()
    var needsNewConnections = false
    /// The present epoch is in the database. Nothing is stored before.
    var isEpochStored = false
    var checkpoint = CheckpointAgenda()
    /// Nil where the log is a helper's.
    var record: LogRecord?
    /// How many transactions have changed accounts, rules and acts, as of the last that did.
    var changes = 0
    var sizes: LogFileSizes?
    /// When words of erased messages were last begun to be taken out of the files.
    var lastScrubbed: Timestamp?
  }

  /// Whom the log is opened for.
  public enum User: Sendable {
    /// One at a time: a second one is refused. What is not there is made.
    case server
    /// Somebody who works beside a server, or without one. There must be a log.
    case helper
  }

  /// - Parameters:
  ///   - directory: where the log lies, and nothing else.
  ///   - busyTimeout: how long to wait for another program that is writing.
  ///   - now: tells when a mark was moved.
  public init(
    directory path: String, for user: User = .server, busyTimeout: Duration = .seconds(2),
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) throws(LogError) {
    let directory = LogDirectory(path: path)
    self.directory = directory
    self.busyTimeout = busyTimeout
    self.now = now
    switch user {
    case .server:
      try directory.makeDirectory()
      let lock = try DirectoryLock(directory)
      try Continuity(directory).check(busyTimeout: busyTimeout)
      try directory.makeDatabase()
      self.lock = lock
    case .helper:
      guard directory.holdsLog else { throw LogError(.other, "there is no log in \(path)") }
      lock = nil
    }
    let connections = try LogConnections(directory, busyTimeout: busyTimeout, beginsEpoch: lock != nil)
    (epochs, secret) = (connections.epochs, connections.secret)
    self.connections = Mutex(connections)
    guard let lock else { return }
    do {
      let (lastID, changes) = try write(.untilOnDisk, "cannot begin an epoch in") { database, writing in
        try writing.heads.refresh(database)
        return (writing.heads.lastID, try RegistryTables(database).changes())
      }
      let record = LogRecord(epoch: epochs.current.text, lastID: lastID, changes: changes)
      writing.withLock { $0.record = record }
      lock.write(record)
      // A database of which all lies in its newest part would look like an empty one without it.
      try checkpoint()
    } catch {
      // It can be read, and the first message that is stored brings the epoch with it.
      guard error.cause == .full else { throw error }
      writing.withLock { $0.record = $0.record ?? LogRecord(epoch: epochs.current.text, lastID: 0, changes: 0) }
    }
  }

  /// Whether there is a log in the directory.
  public static func exists(in directory: String) -> Bool { LogDirectory(path: directory).holdsLog }

  /// - Throws: `LogError` where a server would not start on what is there.
  public static func check(directory path: String) throws(LogError) {
    try Continuity(LogDirectory(path: path)).check(busyTimeout: .seconds(2))
  }

  // MARK: Storing

  public func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoreOutcome] {
    guard !messages.isEmpty else { return [] }
    return try write(.untilOnDisk, "cannot store in") { database, writing in
      try writing.heads.refresh(database)
      var appending = try Appending(database, at: time, epoch: epochs.number)
      var outcomes: [StoreOutcome] = []
      outcomes.reserveCapacity(messages.count)
      for message in messages { outcomes.append(try appending.append(message, &writing.heads)) }
      try appending.finish(&writing.heads)
      return outcomes
    }
  }

  public func keep(_ marks: [ReadMark]) throws(LogError) {
    guard !marks.isEmpty else { return }
    let day = now().day
    try write(.inOrder, "cannot keep marks in") { database, _ in try MarkTable(database).keep(marks, day: day) }
  }

  public func prune(_ retention: Retention, at now: Timestamp) throws(LogError) -> Bool {
    try write(.inOrder, "cannot prune") { database, writing in
      try writing.pruning.removeSlice(retention, at: now, in: database)
    }
  }

  /// How many messages `prune` has removed.
  public var prunedMessages: Int { writing.withLock { $0.pruning.removed } }

  /// As many messages are indexed at once.
  private static let slice = 2000

  public func catchUp() throws(LogError) -> Bool {
    // Most often there is nothing to do, which need not take the place of who writes.
    let (isBehind, scrubbing) = try read { (try SearchIndex($0).isBehind(), try Scrubbing($0).step()) }
    guard isBehind else {
      let hasMore = try scrub(scrubbing)
      if !hasMore, writing.withLock({ $0.checkpoint.isDue(at: .now()) }) { try checkpoint() }
      return hasMore
    }
    let isSliceFull = try write(.inOrder, "cannot index") { database, _ in
      try SearchIndex(database).catchUp(limit: Self.slice) == Self.slice
    }
    return isSliceFull || scrubbing != .none
  }

  /// It writes the whole index anew, which is not worth it for each message that is erased.
  private static let scrubbingInterval: Int64 = 600_000

  /// - Returns: whether there is more to do.
  private func scrub(_ step: Scrubbing.Step) throws(LogError) -> Bool {
    switch step {
    case .none: return false
    case .begin, .merge:
      let now = now()
      return try write(.inOrder, "cannot take out erased words of") { database, writing in
        if step == .begin {
          let last = writing.lastScrubbed ?? Timestamp(milliseconds: .min)
          guard last > now || !now.isWithin(Self.scrubbingInterval, of: last) else { return false }
          writing.lastScrubbed = now
        }
        try Scrubbing(database).merge()
        return true
      }
    case .empty:
      guard try connections.withLock({ $0 }).emptyWriteAheadLog() else { return false }
      try write(.inOrder, "cannot take out erased words of") { database, _ in try Scrubbing(database).finish() }
      return false
    }
  }

  /// Carries all that was stored over into the database, as far as nobody reads what was there before.
  private func checkpoint() throws(LogError) {
    guard try connections.withLock({ $0 }).emptyWriteAheadLog() else { return }
    writing.withLock { writing in
      writing.checkpoint.finish(at: .now())
      writing.sizes = LogFileSizes(directory)
    }
  }

  private enum Durability {
    /// The call returns when the disk has it.
    case untilOnDisk
    /// It may be lost with the machine's power; what is stored afterwards is not kept without it.
    case inOrder
  }

  /// Runs the body in a transaction, and forgets what was not committed.
  private func write<Result: Sendable>(
    _ durability: Durability, _ attempt: String, _ body: (Database, inout Writing) throws -> Result
  ) throws(LogError) -> Result {
    let outcome: Swift.Result<Result, LogError> = writing.withLock { writing in
      let pruning = writing.pruning
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
        writing.heads.commit()
        writing.checkpoint.note(at: .now())
        writing.sizes = LogFileSizes(directory)
        if durability == .untilOnDisk { note(&writing) }
        return .success(result)
      } catch {
        writing.heads.forget()
        writing.pruning = pruning
        note(error)
        if isSpoiled || error.cause.callsForNewConnection { writing.needsNewConnections = true }
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  /// Writes down what is confirmed.
  private func note(_ writing: inout Writing) {
    guard var record = writing.record else { return }
    record.lastID = max(record.lastID, writing.heads.lastID)
    record.changes = max(record.changes, writing.changes)
    guard record != writing.record else { return }
    writing.record = record
    lock?.write(record)
  }

  // MARK: Damage

  /// What could not be read once may be gone, and whatever is stored behind it lost with the next start.
  private func note(_ error: LogError) {
    guard error.cause == .corrupt else { return }
    damage.withLock { damage in
      damage = damage ?? LogError(.corrupt, "nothing is stored any more until the server starts again: \(error)")
    }
  }

  /// A file that is shorter than this log left it was cut by somebody, where it is still the same file.
  private func checkSizes(_ writing: inout Writing, _ connections: LogConnections) throws(LogError) {
    guard let known = writing.sizes else { return }
    try connections.checkFiles()
    let sizes = LogFileSizes(directory)
    if sizes.database < known.database {
      throw LogError(.corrupt, "\(directory.database) is shorter than it was: it is damaged; put a copy in its place")
    }
    guard sizes.writeAheadLog < known.writeAheadLog else { return }
    // Another program may have carried all of it over into the database.
    let pages = try connections.writeAheadLogPages()
    if Int64(pages) * 4096 > LogFileSizes(directory).writeAheadLog {
      throw LogError(
        .corrupt,
        "\(directory.writeAheadLog) is shorter than it was: what was stored last is gone; put a copy in place "
          + "of the log")
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

  // MARK: Who is who

  public func record(_ changes: [RegistryChange]) throws(LogError) {
    guard !changes.isEmpty else { return }
    try write(.untilOnDisk, "cannot record in") { database, writing in
      // A room that is deleted has another row from then on.
      if changes.contains(where: \.isDeletion) { writing.heads.forget() }
      try RegistryTables(database).record(changes)
      writing.changes = try RegistryTables(database).changes()
    }
  }

  public func registry() throws(LogError) -> RegistryState { try read { try RegistryTables($0).state() } }

  public func acts(limit: Int) throws(LogError) -> [Act] { try read { try ActTable($0).newest(limit) } }

  public func erase(
    _ conversation: Conversation, sequence: Int, author: MemberID?, noting note: RemovalNote?
  ) throws(LogError) -> StoredMessage? {
    try write(.untilOnDisk, "cannot erase in") { database, writing in
      // A topic may stand there.
      writing.heads.forget()
      writing.checkpoint.hurry()
      let message = try Erasing(database).erase(conversation, sequence: sequence, author: author)
      if let message, let act = note?.act(for: message) { try ActTable(database).add(act) }
      return message
    }
  }

  /// A page, or what is known of somebody, is read in milliseconds; a database that needs longer than this for it is
  /// damaged or was tampered with.
  private static let readingBudget = Duration.seconds(10)

  private func read<Result>(_ body: (Database) throws -> Result) throws(LogError) -> Result {
    let deadline = MonotonicTime.now() + Self.readingBudget
    return try noting { database in
      try Interruption.watch(database, until: { .now() >= deadline }) { try body(database) }
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

  private func connections(renewing: Bool) throws(LogError) -> LogConnections {
    guard renewing else { return connections.withLock { $0 } }
    let renewed = try connections.withLock { $0 }.renewed()
    connections.withLock { $0 = renewed }
    return renewed
  }

  /// For tests, which do to the connection what they cannot do to the disk.
  func withWriter(_ body: (Database) throws -> Void) throws {
    try connections.withLock { $0 }.withWriter(body)
  }
}
