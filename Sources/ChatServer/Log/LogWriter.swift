import ChatLog
import ChatProtocol
import ChatRecords
import DequeModule
import NIOPosix
import Platform
import Synchronization

/// Stores on its own thread, many messages per commit: everything that arrives during one commit goes into the next.
/// When idle, it does the log's deferred maintenance.
///
/// Messages, changes of the registry and redactions take turns, so that many of one kind do not delay the others.
final class LogWriter: Sendable {
  /// Called on the writer's thread.
  private let report: @Sendable (Report) -> Void
  private let log: any MessageLog
  /// The log, if several servers write it.
  private let sharedLog: (any SharedLog)?
  private let isAbandoned = Atomic(false)
  private let thread: NIOThreadPool
  private let state = Mutex(State())

  enum Report: Sendable {
    /// The outcome of the oldest unreported messages.
    case stored(MessageGroup, Result<[StoreOutcome], LogError>)
    /// The outcome of the oldest unreported redaction.
    case redacted(RedactionRequest, Result<StoredMessage?, LogError>)
    /// The outcome of the oldest unreported proposals: all are stored except the outdated ones, or none is.
    case recorded([ProposedChange], Result<[OutdatedProposal], LogError>)
    /// A write to a shared log is repeated until it is known whether it was stored.
    case repeating(LogError)
    case kept(LogError?)
    case tidied(LogError?)
    /// All work is complete, and no further report follows.
    case finished
  }

  /// Maintenance that yields to messages.
  enum Chore: Hashable, Sendable {
    case index
    /// - Parameter at: the wall-clock time.
    case prune(Retention, at: Timestamp)

    var isPruning: Bool { if case .prune = self { true } else { false } }
  }

  private enum Work {
    case record([ProposedChange], presence: [FeedEntry])
    case store(MessageGroup)
    case redact(RedactionRequest)
    case keep([ReadMark])
    /// Extend the index, which has fallen behind.
    case index
    case tidy(Chore)
    case finish
  }

  private struct State {
    var proposals: [ProposedChange] = []
    var presence = PresenceBacklog()
    var messages: Deque<NewMessage> = []
    var redactions: Deque<RedactionRequest> = []
    var lastSubmission: Int64 = 0
    var lastWork = UrgentWork.store
    var marks: [ReadMark] = []
    var chores: Deque<Chore> = []
    var indexBacklog = IndexBacklog()
    var isAtWork = false
    var isFinishing = false
  }

  /// The kinds of urgent work, in rotation.
  private enum UrgentWork {
    case record
    case redact
    case store

    var next: UrgentWork {
      switch self {
      case .record: .redact
      case .redact: .store
      case .store: .record
      }
    }
  }

  /// The maximum numbers of proposals, and of marks and departures, in one commit, whose messages wait meanwhile.
  private static let mostProposals = 1000
  static let mostPresence = 2000
  /// The pause between two tries of the same write, in microseconds.
  private static let repetitionInterval: UInt32 = 100_000

  /// - Parameter thread: a pool of one thread, used for nothing else.
  init(log: any MessageLog, thread: NIOThreadPool, report: @escaping @Sendable (Report) -> Void) {
    self.log = log
    sharedLog = log as? any SharedLog
    self.thread = thread
    self.report = report
    sharedLog?.beforeRepetition { [weak self] in self?.mayRepeat(after: $0) ?? true }
  }

  // MARK: On any thread

  func store(_ messages: [NewMessage]) { carryOut(WriteBatch(messages: messages)) }

  func carryOut(_ writeBatch: WriteBatch) {
    hand { state in
      state.proposals += writeBatch.proposals
      state.presence.add(writeBatch.presence)
      state.messages += writeBatch.messages
      state.redactions += writeBatch.redactions
    }
  }

  /// Tries again to store departures that a shared log has refused. Due about once a second.
  func retryDepartures() { hand { $0.presence.retry() } }

  func keep(_ marks: [ReadMark]) { hand { $0.marks += marks } }

  func tidy(_ chore: Chore) {
    hand { state in
      guard !state.isFinishing, !state.chores.contains(chore) else { return }
      // The newest retention counts; with an equal one, the log goes on where it is.
      if chore.isPruning { state.chores.removeAll(where: \.isPruning) }
      state.chores.append(chore)
    }
  }

  /// Pruning that waits or is under way goes on with another retention.
  func change(_ retention: Retention) {
    hand { state in
      for index in state.chores.indices {
        if case .prune(_, let time) = state.chores[index] { state.chores[index] = .prune(retention, at: time) }
      }
    }
  }

  /// Stores what waits, skips maintenance that can wait for the next start, and reports completion.
  func finish() {
    hand {
      $0.isFinishing = true
      $0.chores = []
    }
  }

  /// Gives up a write that is being repeated: its fate stays unknown.
  func abandon() { isAbandoned.store(true, ordering: .relaxed) }

  private func hand(_ change: (inout State) -> Void) {
    let isIdle = state.withLock { state in
      change(&state)
      defer { state.isAtWork = true }
      return !state.isAtWork
    }
    guard isIdle else { return }
    thread.submit { if $0 == .active { self.work() } }
  }

  // MARK: On the writer's thread

  private func work() {
    while let work = next() {
      switch work {
      case .record(let proposals, let presence): record(proposals, presence)
      case .store(let group): commit(group)
      case .redact(let redaction): redact(redaction)
      case .keep(let marks): report(.kept(error { () throws(LogError) in try log.keep(marks) }))
      case .index: self.work(at: .index, isUrgent: true)
      case .tidy(let chore): self.work(at: chore, isUrgent: false)
      case .finish:
        _ = error { () throws(LogError) in try sharedLog?.leave() }
        report(.finished)
      }
    }
  }

  private func next() -> Work? {
    state.withLock { state in
      if let work = Self.nextWork(&state) { return work }
      if !state.marks.isEmpty {
        defer { state.marks = [] }
        return .keep(state.marks)
      }
      if let chore = state.chores.first { return .tidy(chore) }
      if state.isFinishing {
        state.isFinishing = false
        return .finish
      }
      state.isAtWork = false
      return nil
    }
  }

  private static func nextWork(_ state: inout State) -> Work? {
    let last = state.lastWork
    repeat {
      state.lastWork = state.lastWork.next
      switch state.lastWork {
      case .record where !state.proposals.isEmpty || state.presence.isDue:
        let proposals = state.proposals.prefix(mostProposals)
        state.proposals.removeFirst(proposals.count)
        return .record(Array(proposals), presence: state.presence.take(limit: mostPresence))
      case .redact:
        // A redaction refers to stored messages only: it need not wait for unstored ones, and its turn comes after few
        // commits.
        if let redaction = state.redactions.popFirst() { return .redact(redaction) }
      case .store where !state.messages.isEmpty:
        // Under continuous load, the index is extended between two commits.
        if state.indexBacklog.isDue, !state.isFinishing { return .index }
        return .store(MessageGroup(takenFrom: &state.messages))
      case .record, .store: break
      }
    } while state.lastWork != last
    return nil
  }

  private func record(_ proposals: [ProposedChange], _ presence: [FeedEntry]) {
    let result = Result { () throws(LogError) in
      guard let sharedLog else {
        try log.record(proposals.flatMap(\.change.changes))
        return [OutdatedProposal]()
      }
      let number = state.withLock { state in
        state.lastSubmission += 1
        return state.lastSubmission
      }
      let submission = Submission(number: number, proposals: proposals, presence: presence)
      return try untilKnown { () throws(LogError) in try sharedLog.submit(submission) }
    }
    // All hubs show a login until its departure is stored. The logins of a dead node end with it.
    if case .failure(let error) = result, error.cause != .nodeEnded, !isAbandoned.load(ordering: .relaxed) {
      state.withLock { $0.presence.refuse(presence) }
    }
    report(.recorded(proposals, result))
  }

  private func commit(_ group: MessageGroup) {
    var group = group
    if sharedLog != nil { group.makeRepeatable() }
    let messages = group.messages
    let start = MonotonicTime.now()
    do {
      let outcomes = try untilKnown { () throws(LogError) in try log.append(messages, at: .now()) }
      state.withLock { $0.indexBacklog.store(outcomes.count, bytes: group.bytes) }
      group.commitTime = .now() - start
      report(.stored(group, .success(outcomes)))
    } catch {
      report(.stored(group, .failure(error)))
    }
  }

  private func redact(_ redaction: RedactionRequest) {
    do {
      let message = try untilKnown { () throws(LogError) in
        try log.redact(
          redaction.conversation, sequence: redaction.sequence, author: redaction.author, noting: redaction.note)
      }
      report(.redacted(redaction, .success(message)))
    } catch {
      report(.redacted(redaction, .failure(error)))
    }
  }

  /// Repeats a write to a shared log as long as the database is away. The log itself finds out the outcome of a write
  /// whose answer is lost.
  private func untilKnown<Value>(_ write: () throws(LogError) -> Value) throws(LogError) -> Value {
    while true {
      do {
        return try write()
      } catch {
        guard sharedLog != nil, Self.isPassing(error), mayRepeat(after: error) else { throw error }
        usleep(Self.repetitionInterval)
      }
    }
  }

  /// Reports that a write is repeated, unless it is to be abandoned.
  private func mayRepeat(after error: LogError) -> Bool {
    guard !isAbandoned.load(ordering: .relaxed) else { return false }
    report(.repeating(error))
    return true
  }

  /// Whether the cause passes without a change by the operator: an outage, or another server that holds a lock and stands
  /// still.
  private static func isPassing(_ error: LogError) -> Bool {
    switch error.cause {
    case .unreachable, .locked, .interrupted: true
    case .full, .readOnly, .corrupt, .unsynced, .tooNew, .vanished, .nodeEnded, .misconfigured, .other: false
    }
  }

  /// - Parameter isUrgent: whether messages wait meanwhile, because the index has fallen behind.
  private func work(at chore: Chore, isUrgent: Bool) {
    var hasMore = false
    var deferred: DeferredWork?
    let failure = error { () throws(LogError) in
      switch chore {
      case .index:
        let work = try log.catchUp(isUrgent: isUrgent)
        deferred = work
        hasMore = work.hasMore
      case .prune(let retention, let time): hasMore = try log.prune(retention, at: time)
      }
    }
    state.withLock { state in
      if chore == .index { state.indexBacklog.index(deferred) }
      if !hasMore { state.chores.removeAll { $0 == chore } }
    }
    report(.tidied(failure))
  }

  private func error(_ body: () throws(LogError) -> Void) -> LogError? {
    do {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
