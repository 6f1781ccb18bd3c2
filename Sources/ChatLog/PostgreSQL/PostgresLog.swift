import ChatProtocol
import ChatRecords
import Synchronization

/// A log in a PostgreSQL database: confirmed messages are there as safely as the database keeps them.
///
/// One connection writes, on the calling thread; others read in parallel. Connections that are lost are replaced at the
/// next call. If the answer to a write is lost, the call tries again until the outcome is known; the log is then as if
/// the write had been answered.
public final class PostgresLog: MessageLog {
  public let epochs: EpochList
  public let secret: [UInt8]

  let url: PostgresURL
  private let clock: Clock
  private let readers: PostgresReaders
  private let indexing = PostgresSlices()
  private let pruning = PostgresSlices()
  private let pruningOfChanges = PostgresSlices()
  private let changesOfRound = Mutex(ChangesOfRound.unpruned)
  let writer: PostgresWriter
  let follower: PostgresFollower

  /// The source of the times of messages and marks.
  public enum Clock: Sendable {
    /// The database's clock; the times of messages never go back.
    case database
    /// Messages have the time that `append` is given.
    /// - Parameter now: the time of marks.
    case caller(now: @Sendable () -> Timestamp)
  }

  /// The user of the log.
  public enum User: Hashable, Sendable {
    /// A server, one of several or alone, which takes part after `begin`. Missing tables are created.
    case node
    /// A tool that works beside a server or without one. The log must exist.
    case helper
  }

  public init(_ url: PostgresURL, for user: User = .node, clock: Clock = .database) throws(LogError) {
    self.url = url
    self.clock = clock
    readers = PostgresReaders(url)
    let writer = try PostgresWriter(url, for: user)
    (epochs, secret) = (writer.epochs, writer.secret)
    self.writer = writer
    follower = PostgresFollower(url, writer.epochs)
  }

  /// Checks whether a server could use the database: connects, and checks version, rights and tables. Changes nothing.
  public static func check(_ url: PostgresURL) throws(LogError) { try PostgresCheck(url).run() }

  // MARK: Storing

  public func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoreOutcome] {
    guard !messages.isEmpty else { return [] }
    let time: Timestamp? = if case .caller = clock { time } else { nil }
    return try writer.append(messages, at: time)
  }

  public func keep(_ marks: [ReadMark]) throws(LogError) {
    guard !marks.isEmpty else { return }
    let day: Int64? = if case .caller(let now) = clock { now().day } else { nil }
    try writer.write(.inOrder, "cannot keep marks in") { connection, _ throws(PostgresError) in
      try PostgresMarks(connection: connection).keep(marks, day: day)
    }
  }

  public func prune(_ retention: Retention, at now: Timestamp) throws(LogError) -> Bool {
    // Changes and messages are removed by themselves: the ones even if the others cannot be.
    if case .unpruned = changesOfRound.withLock({ $0 }) {
      let changes = pruneChanges()
      changesOfRound.withLock { $0 = changes }
      if case .unpruned = changes { return true }
    }
    let hasMore: Bool
    do throws(LogError) {
      hasMore = try pruning.run { size throws(LogError) in
        try writer.write(.inOrder, "cannot prune") { connection, state throws(PostgresError) in
          try state.pruning.removeSlice(retention, at: now, size, on: connection)
        }
      }
    } catch {
      changesOfRound.withLock { $0 = .unpruned }
      throw error
    }
    guard !hasMore else { return true }
    let changes = changesOfRound.withLock { changes in
      defer { changes = .unpruned }
      return changes
    }
    if case .failed(let error) = changes { throw error }
    return false
  }

  /// The changes in the round of pruning under way. It begins with them.
  private enum ChangesOfRound: Sendable {
    /// There may be more to remove.
    case unpruned
    case pruned
    /// They are not tried again in this round, because each attempt may hold up the writer for seconds.
    case failed(LogError)
  }

  /// Removes some of the old changes.
  private func pruneChanges() -> ChangesOfRound {
    do throws(LogError) {
      let hasMore = try pruningOfChanges.run { size throws(LogError) in
        let limit = size.part(of: Self.slice)
        let removed = try writer.write(.inOrder, "cannot prune") { connection, _ throws(PostgresError) in
          try PostgresFeed(connection: connection).prune(limit: limit)
        }
        return removed == limit
      }
      return hasMore ? .unpruned : .pruned
    } catch { return .failed(error) }
  }

  /// Number of messages removed by `prune`.
  public var prunedMessages: Int { writer.prunedMessages }

  /// Messages indexed per transaction, and changes removed.
  private static let slice = 2000
  /// The length of the texts indexed per transaction, which holds up the writer: 1 MiB takes more than half a second.
  /// Urgent slices are as long as the messages of a commit, so that the index does not fall behind further.
  private static let bytesOfSlice = 256 << 10
  private static let bytesOfUrgentSlice = 1 << 20

  public func catchUp(isUrgent: Bool) throws(LogError) -> DeferredWork {
    // Usually there is nothing to do; short look-ups find that out, without a transaction.
    let isBehind = try read { connection throws(PostgresError) in try PostgresIndex(connection: connection).isBehind() }
    let hasMore = try writer.readStakes()
    guard isBehind else { return DeferredWork(hasMore: hasMore, indexed: 0) }
    let bytes = isUrgent ? Self.bytesOfUrgentSlice : Self.bytesOfSlice
    // None if the slice takes too long.
    var indexed: Int? = 0
    let isStillBehind = try indexing.run { size throws(LogError) in
      let slice = try read { connection throws(PostgresError) in
        try PostgresIndex(connection: connection).nextSlice(
          limit: size.part(of: Self.slice), bytes: size.part(of: bytes))
      }
      guard let slice else { return false }
      let isWritten = try writer.write(.inOrder, "cannot index") { connection, _ throws(PostgresError) in
        try PostgresIndex(connection: connection).write(slice)
      }
      indexed = isWritten ? slice.count : nil
      return isWritten && slice.hasMore
    }
    return DeferredWork(hasMore: isStillBehind || hasMore, indexed: indexed)
  }

  // MARK: Reading

  public func page(_ request: PageRequest) throws(LogError) -> Page {
    try read { connection throws(PostgresError) in try PostgresMessages(connection: connection).page(request) }
  }

  public func search(
    _ request: SearchRequest, until mustStop: @escaping @Sendable () -> Bool
  ) throws(LogError) -> Page {
    try read { connection throws(PostgresError) in
      var search = try PostgresSearch(request, on: connection, until: mustStop)
      return try search?.run() ?? Page(messages: [], hasMore: false)
    }
  }

  public func lastID() throws(LogError) -> Int {
    try read { connection throws(PostgresError) in try PostgresState(connection: connection).lastID() }
  }

  public func lastTime() throws(LogError) -> Timestamp? {
    try read { connection throws(PostgresError) in try PostgresState(connection: connection).lastTime() }
  }

  public func rooms() throws(LogError) -> [RoomState] {
    try read { connection throws(PostgresError) in try PostgresState(connection: connection).rooms() }
  }

  public func state(of member: MemberID) throws(LogError) -> MemberState {
    try read { connection throws(PostgresError) in try PostgresState(connection: connection).state(of: member) }
  }

  // MARK: Registry

  public func record(_ changes: [RegistryChange]) throws(LogError) {
    guard !changes.isEmpty else { return }
    let encoded = EncodedChanges(changes)
    try writer.write(.whenStored, "cannot record in") { connection, state throws(PostgresError) in
      try connection.execute("SELECT FROM log FOR UPDATE")
      // A deleted room gets another row.
      if changes.contains(where: \.isDeletion) { state.conversations.forget() }
      try PostgresRegistry(connection: connection).record(encoded)
    }
  }

  public func registry() throws(LogError) -> RegistryState {
    try read { connection throws(PostgresError) in try PostgresRegistry(connection: connection).state() }
  }

  public func acts(limit: Int) throws(LogError) -> [Act] {
    try read { connection throws(PostgresError) in try PostgresActs(connection: connection).newest(limit) }
  }

  public func redact(
    _ conversation: Conversation, sequence: Int, author: MemberID?, noting note: RedactionNote?
  ) throws(LogError) -> StoredMessage? {
    // The message as the first run found it. If its answer is lost, the next run finds that the text is gone.
    var earlier: StoredMessage?
    return try writer.write(.whenStored, "cannot erase in") { connection, state throws(PostgresError) in
      let message = try PostgresRedaction(connection: connection).redact(
        conversation, sequence: sequence, author: author, noting: note, isIntact: &state.isResolved)
      if let hub = state.hub {
        _ = try PostgresNodes(connection: connection).lastSubmission(of: hub)
        if let message, message.kind != .redacted, let note {
          let redaction = Redaction(conversation, sequence: sequence, by: note.by)
          try PostgresFeed(connection: connection).append([.redaction(redaction)], by: hub)
        }
      }
      if let message, message.kind != .redacted { earlier = message }
      return earlier ?? message
    }
  }

  func read<Value>(
    _ body: (PostgresConnection) throws(PostgresError) -> Value
  ) throws(LogError) -> Value { try readers.read("cannot read", body) }
}
