import ChatProtocol
import ChatRecords
import Platform
import Synchronization

/// The connection that changes the log, and what is known about the log between two changes.
///
/// A lost connection is replaced at the next call. If it was lost while a change was under way, the outcome is found
/// out first, however long that takes: a change that was stored must not be reported as failed.
final class PostgresWriter: Sendable {
  let epochs: EpochList
  let secret: [UInt8]
  private let url: PostgresURL
  private let user: PostgresLog.User
  private let state: Mutex<State>
  private let mayRepeat = Mutex<(@Sendable (LogError) -> Bool)?>(nil)

  /// The state of the writing thread.
  struct State: @unchecked Sendable {
    // Unchecked, because connections are not Sendable: the mutex gives this one to one thread at a time.
    var connection: PostgresConnection?
    /// The server process of the last connection.
    var backend: PostgresBackend?
    var conversations = PostgresConversations()
    var pruning = PostgresPruning()
    var keys = MessageKeys()
    /// The keys of the group under way.
    var pendingKeys: [[UInt8]]?
    /// The greatest id of a message that was confirmed or known at the start.
    var lastID = 0
    /// Set by a change that has found, under the lock of the log's row, that no earlier run of it was stored.
    var isResolved = false
    /// Set once the log has lost confirmed messages; nothing is stored any more.
    var damage: LogError?
    /// The node's life, once it has begun.
    var life: PostgresNodes.Life?
    var hub: HubID? { life?.hub }
    var stakes = StakeHistory(after: 0)
  }

  enum Durability {
    /// The call returns when the database has stored the change.
    case whenStored
    /// Loss of power may lose the change, but never without losing everything stored after it.
    case inOrder
  }

  init(_ url: PostgresURL, for user: PostgresLog.User) throws(LogError) {
    self.url = url
    self.user = user
    let connection = try PostgresConnection(url)
    if user != .helper {
      try PostgresSchema.migrate(connection, url)
    } else {
      let state: PostgresSchema.State
      do throws(PostgresError) {
        state = try PostgresSchema.look(at: connection)
        guard state != .absent else { throw PostgresError(message: "there is no log in it") }
      } catch { throw LogError(error, "cannot open", url) }
      try PostgresSchema.check(state, url)
    }
    var state = State()
    do throws(PostgresError) {
      state.backend = try PostgresBackend(of: connection)
      let opened = try connection.transaction { () throws(PostgresError) in
        let row = try connection.execute("SELECT secret, last_id FROM log FOR UPDATE").first
        // An import that begins at the same moment waits for the row, and then finds the epoch.
        if user == .node, try PostgresSchema.hasImport(connection) { throw PostgresError.unfinishedImport }
        let epochs = try PostgresEpochs(connection: connection).list(for: user)
        return (secret: row?.bytes(0) ?? [], lastID: row?.int(1) ?? 0, epochs: epochs)
      }
      (epochs, secret, state.lastID) = (opened.epochs, opened.secret, opened.lastID)
    } catch { throw LogError(error, "cannot open", url) }
    guard secret.count == 32 else {
      throw LogError(.corrupt, "\(url) has lost its secret: it is damaged, or no log")
    }
    state.connection = connection
    self.state = Mutex(state)
  }

  /// The node has begun.
  /// - Parameter place: the place of the feed at which its hub begins.
  func begin(_ life: PostgresNodes.Life, after place: Int) {
    state.withLock { state in
      state.life = life
      state.stakes = StakeHistory(after: place)
    }
  }

  /// The node's life, once it has begun.
  var life: PostgresNodes.Life? { state.withLock { $0.life } }

  /// See `SharedLog.beforeRepetition`.
  func beforeRepetition(_ mayRepeat: @escaping @Sendable (LogError) -> Bool) {
    self.mayRepeat.withLock { $0 = mayRepeat }
  }

  var prunedMessages: Int { state.withLock { $0.pruning.removed } }

  // MARK: Changes

  func append(_ messages: [NewMessage], at time: Timestamp?) throws(LogError) -> [StoreOutcome] {
    try change("cannot store in", mustBeKnown: true) { connection, state, isRepeated throws(PostgresError) in
      // The same keys in each attempt.
      var group = PostgresAppending(messages: messages, keys: [], epoch: epochs.number, time: time, hub: state.hub)
      group.keys = state.pendingKeys ?? messages.map { state.keys.key(of: $0) }
      state.pendingKeys = group.keys
      var outcomes: [StoreOutcome]?
      if !isRepeated {
        do throws(PostgresError) {
          outcomes = try group.store(connection, &state.conversations)
        } catch { guard error.state == PostgresError.State.outdated else { throw error } }
      }
      let stored: [StoreOutcome]
      if let outcomes {
        stored = outcomes
      } else {
        stored = try group.storeCarefully(
          connection, &state.conversations, after: isRepeated ? state.lastID : nil, isNew: &state.isResolved)
      }
      state.lastID = max(state.lastID, stored.lazy.compactMap { $0.message?.id }.max() ?? 0)
      return stored
    }
  }

  /// Runs the body in a transaction. It must have the same effect when it is run again, and sets `isResolved` when it
  /// finds that no earlier run was stored.
  func write<Value: Sendable>(
    _ durability: Durability, _ attempt: String,
    _ body: (PostgresConnection, inout State) throws(PostgresError) -> Value
  ) throws(LogError) -> Value {
    try change(attempt, mustBeKnown: durability == .whenStored) { connection, state, _ throws(PostgresError) in
      try connection.transaction { () throws(PostgresError) in
        if durability == .inOrder { try connection.run("SET LOCAL synchronous_commit = off") }
        return try body(connection, &state)
      }
    }
  }

  /// Reads the next stakes of the feed, so that a node that has been idle need not read them all when it submits.
  /// - Returns: whether there are more.
  func readStakes() throws(LogError) -> Bool {
    guard state.withLock({ $0.hub != nil }) else { return false }
    return try change("cannot follow", mustBeKnown: false) { connection, state, _ throws(PostgresError) in
      try state.readStakes(on: connection, slices: Self.stakesSlices)
    }
  }

  /// The number of slices of stakes that one call reads.
  static let stakesSlices = 10

  /// - Parameters:
  ///   - mustBeKnown: whether to find out the outcome if the answer is lost, however long that takes, unless it is
  ///     abandoned.
  ///   - body: the last argument tells whether it runs again because the outcome of the last run is unknown.
  private func change<Value: Sendable>(
    _ attempt: String, mustBeKnown: Bool,
    _ body: (PostgresConnection, inout State, Bool) throws(PostgresError) -> Value
  ) throws(LogError) -> Value {
    let outcome: Result<Value, LogError> = state.withLock { state in
      state.pendingKeys = nil
      var isInDoubt = false
      var pauses = PostgresPauses()
      var isSecondAttempt = false
      while true {
        let pruning = state.pruning
        state.isResolved = false
        do throws(LogError) {
          if let damage = state.damage { throw damage }
          let connection = try connection(&state)
          do throws(PostgresError) {
            return .success(try body(connection, &state, isInDoubt))
          } catch {
            state.conversations.forget()
            state.pruning = pruning
            if state.isResolved { isInDoubt = false }
            guard error.isLost else { throw LogError(error, attempt, url) }
            state.connection = nil
            if error.isInDoubt, mustBeKnown { isInDoubt = true }
            // A connection that broke while it was idle is replaced at once, and once.
            guard !isSecondAttempt else { throw LogError(error, attempt, url) }
            isSecondAttempt = true
          }
        } catch {
          // In doubt, an error of a repetition says nothing about the run before it.
          guard isInDoubt, error.cause != .nodeEnded, isToRepeat(after: error) else { return .failure(error) }
          pauses.wait()
        }
      }
    }
    return try outcome.get()
  }

  private func isToRepeat(after error: LogError) -> Bool {
    let mayRepeat = mayRepeat.withLock { $0 }
    return mayRepeat?(error) ?? true
  }

  // MARK: Connection

  private func connection(_ state: inout State) throws(LogError) -> PostgresConnection {
    if let connection = state.connection { return connection }
    let connection = try PostgresConnection(url)
    do throws(PostgresError) {
      // The server may still be carrying out a statement of the lost connection: it must not take effect later.
      try state.backend?.end(over: connection)
      state.backend = try PostgresBackend(of: connection)
      let last = try PostgresState(connection: connection).lastID()
      let isOriginal = try PostgresEpochs(connection: connection).isOriginal(epochs)
      guard last >= state.lastID, isOriginal || user == .helper else {
        state.damage = .otherHistory(url)
        throw PostgresError(message: "")
      }
    } catch {
      throw state.damage ?? LogError(error, "cannot use", url)
    }
    state.connection = connection
    return connection
  }
}

/// Pauses between attempts, each longer than the one before.
struct PostgresPauses {
  private var milliseconds: UInt32 = 50

  mutating func wait() {
    usleep(milliseconds * 1000)
    milliseconds = min(milliseconds * 2, 1000)
  }
}
