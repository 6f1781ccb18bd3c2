import ChatLog
import ChatProtocol
import DequeModule
import NIOPosix
import Synchronization

/// Stores on a thread of its own what it is handed on any other, many messages to a commit: all that came while the
/// last commit ran goes into the next. While there is nothing to store it does what the log put off.
///
/// No message is stored before what was recorded before it: where that fails, so does the message.
final class LogWriter: Sendable {
  /// Called on the thread that stores.
  private let report: @Sendable (Report) -> Void
  private let log: any MessageLog
  private let thread: NIOThreadPool
  private let state = Mutex(State())

  enum Report: Sendable {
    /// What became of the oldest messages that nothing was reported of.
    case stored(MessageGroup, Result<[StoreOutcome], LogError>)
    /// What became of the oldest erasure that nothing was reported of.
    case erased(Erasure, Result<StoredMessage?, LogError>)
    /// The log has the changes now, or has not and is given them again.
    /// - Parameter of: how many.
    case recorded(LogError?, of: Int)
    /// So many acts waited to be recorded that the oldest were let go.
    case lostActs(Int)
    case kept(LogError?)
    case tidied(LogError?)
    /// All is done, and there will be no more.
    /// - Parameter unrecorded: how many changes the log would not take to the end.
    case finished(unrecorded: Int)
  }

  /// What can wait while there are messages.
  enum Chore: Hashable, Sendable {
    case index
    case prune(Retention)
  }

  private enum Work {
    case record([RegistryChange])
    /// The changes first.
    case store([RegistryChange], MessageGroup)
    case erase(Erasure)
    case keep([ReadMark])
    case tidy(Chore)
    case finish(unrecorded: Int)
  }

  private struct State {
    var changes = PendingChanges()
    /// They were not tried yet, or long enough ago.
    var isRecordingDue = false
    var messages: Deque<NewMessage> = []
    var erasures: Deque<Erasure> = []
    /// The last that was done of the two, so that neither holds the other up.
    var hasJustErased = false
    var marks: [ReadMark] = []
    var chores: Deque<Chore> = []
    /// How many messages were stored since all were in the index, and since some were put there.
    var unindexed = 0
    var storedSinceIndexing = 0
    var isAtWork = false
    var isFinishing = false
  }

  /// A search looks through what is not in the index: this is what a person may be made to wait for.
  private static let mostUnindexed = 20_000
  /// Beyond, the log indexes a slice whenever so many were stored, which is less than a slice has.
  private static let indexingInterval = 1000

  /// - Parameter thread: with one thread, which does nothing else.
  init(log: any MessageLog, thread: NIOThreadPool, report: @escaping @Sendable (Report) -> Void) {
    self.log = log
    self.thread = thread
    self.report = report
  }

  // MARK: On any thread

  func store(_ messages: [NewMessage]) { carryOut(LogErrand(messages: messages)) }

  func carryOut(_ errand: LogErrand) {
    hand { state in
      if !errand.changes.isEmpty {
        state.changes.add(errand.changes)
        state.isRecordingDue = true
      }
      state.messages += errand.messages
      state.erasures += errand.erasures
    }
  }

  func keep(_ marks: [ReadMark]) { hand { $0.marks += marks } }

  /// Also tries again to record what could not be.
  func tidy(_ chore: Chore) {
    hand { state in
      state.isRecordingDue = !state.changes.isEmpty
      if !state.isFinishing, !state.chores.contains(chore) { state.chores.append(chore) }
    }
  }

  /// Stores what waits, leaves undone what can wait for the next time, and reports when that is so.
  func finish() {
    hand {
      $0.isFinishing = true
      $0.isRecordingDue = !$0.changes.isEmpty
      $0.chores = []
    }
  }

  private func hand(_ change: (inout State) -> Void) {
    let isIdle = state.withLock { state in
      change(&state)
      defer { state.isAtWork = true }
      return !state.isAtWork
    }
    guard isIdle else { return }
    thread.submit { if $0 == .active { self.work() } }
  }

  // MARK: On the thread that stores

  private func work() {
    while let work = next() {
      switch work {
      case .record(let changes): _ = record(changes)
      case .store(let changes, let group): commit(group, behind: changes)
      case .erase(let erasure): erase(erasure)
      case .keep(let marks): report(.kept(error { () throws(LogError) in try log.keep(marks) }))
      case .tidy(let chore): self.work(at: chore)
      case .finish(let unrecorded): report(.finished(unrecorded: unrecorded))
      }
    }
  }

  private func next() -> Work? {
    state.withLock { state in
      // It is about what is stored: it need not wait for what is not, and two commits do not take long.
      if let erasure = state.erasures.first, !state.hasJustErased || state.messages.isEmpty {
        state.hasJustErased = true
        state.erasures.removeFirst()
        return .erase(erasure)
      }
      state.hasJustErased = false
      if !state.messages.isEmpty {
        // Under a load that leaves no time for it, the index is made between two commits.
        let isFallingBehind = state.unindexed > Self.mostUnindexed && state.storedSinceIndexing >= Self.indexingInterval
        if isFallingBehind, !state.isFinishing { return .tidy(.index) }
        state.isRecordingDue = false
        return .store(state.changes.take(), MessageGroup(takenFrom: &state.messages))
      }
      if state.isRecordingDue {
        state.isRecordingDue = false
        return .record(state.changes.take())
      }
      if !state.marks.isEmpty {
        defer { state.marks = [] }
        return .keep(state.marks)
      }
      if let chore = state.chores.first { return .tidy(chore) }
      if state.isFinishing {
        state.isFinishing = false
        return .finish(unrecorded: state.changes.count)
      }
      state.isAtWork = false
      return nil
    }
  }

  /// All of them, or none: then they wait for the next time.
  private func record(_ changes: [RegistryChange]) -> LogError? {
    guard !changes.isEmpty else { return nil }
    let failure = error { () throws(LogError) in try log.record(changes) }
    let lostActs = state.withLock { state in
      if failure != nil { state.changes.putBack(changes) }
      return state.changes.takeLostActs()
    }
    report(.recorded(failure, of: changes.count))
    if lostActs > 0 { report(.lostActs(lostActs)) }
    return failure
  }

  private func commit(_ group: MessageGroup, behind changes: [RegistryChange]) {
    if let failure = record(changes) { return report(.stored(group, .failure(failure))) }
    var group = group
    let start = MonotonicTime.now()
    do {
      let outcomes = try log.append(group.messages, at: .now())
      state.withLock { state in
        state.unindexed += outcomes.count
        state.storedSinceIndexing += outcomes.count
      }
      group.commitTime = .now() - start
      report(.stored(group, .success(outcomes)))
    } catch {
      report(.stored(group, .failure(error)))
    }
  }

  private func erase(_ erasure: Erasure) {
    do {
      let message = try log.erase(erasure.conversation, sequence: erasure.sequence, author: erasure.author)
      report(.erased(erasure, .success(message)))
    } catch {
      report(.erased(erasure, .failure(error)))
    }
  }

  private func work(at chore: Chore) {
    var hasMore = false
    let failure = error { () throws(LogError) in
      switch chore {
      case .index: hasMore = try log.catchUp()
      case .prune(let retention): hasMore = try log.prune(retention, at: .now())
      }
    }
    state.withLock { state in
      if chore == .index {
        state.storedSinceIndexing = 0
        if !hasMore { state.unindexed = 0 }
      }
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
