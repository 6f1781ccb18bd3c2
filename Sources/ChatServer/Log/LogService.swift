import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import DequeModule
import Logging
import NIOCore
import NIOPosix

/// Passes the hub's requests to the log, and the answers back. Lives on the event loop and never blocks it: a log on a
/// disk is called on threads of its own.
final class LogService {
  /// Nil after shutdown.
  var log: (any MessageLog)?
  let eventLoop: any EventLoop
  let loopHandle: LoopHandle
  var retention: Retention {
    didSet { if retention != oldValue { writer?.change(retention) } }
  }
  private var reports: LogReports
  let threads: LogThreads
  /// Nil for an in-memory log, which is called on the event loop.
  var writer: LogWriter?
  /// Nil for a log that only this server writes: it makes the feed itself, see `LocalFeed`.
  var feed: SharedFeed?

  /// Receives the log's answers for the hub, in order.
  var answer: (HubEvent) -> Void = { _ in }
  /// Whether this iteration of the loop has done enough: further answers wait for the next one.
  var isIterationOver: () -> Bool = { false }
  /// Postpones work until the loop has polled its sockets.
  var later: (@escaping () -> Void) -> Void
  /// Called when the backlog has room again, after `isFull`.
  var relieve: () -> Void = {}
  /// Called once, when the other nodes of a shared log have declared this one dead.
  var whenNodeEnded: () -> Void = {}

  /// The writes of this iteration of the loop.
  private var writeBatch = WriteBatch()
  private var backlog: StoreBacklog
  private var proposing = 0
  /// The time when the log last stored changes, or when changes began to wait.
  private var recordingMoved = MonotonicTime(nanoseconds: 0)
  private var redacting = 0
  private var reading = 0
  private var watch = RedactionWatch()
  private let searchBudget: Duration
  private lazy var pages = ReadLane(threads.reading, width: LogThreads.readers) { [unowned self] in start($0, on: $1) }
  private lazy var searches = ReadLane(threads.searching, width: LogThreads.searchers) { [unowned self] in
    start($0, on: $1)
  }
  /// Completed writes that are not answered yet.
  private var done: Deque<Done> = []
  /// Answers of the last completed write that the hub has not received.
  private var answers: Deque<HubEvent> = []
  private var isResting = false
  var marks = RecentMarks()
  private var maintenance = MaintenanceSchedule()
  /// Pruning cannot be undone: a clock that jumped is not believed for a day, and one that differs from the time of the
  /// newest message at the start, as usual in a quiet chat, not for an hour.
  private var clock: SteadyClock
  var whenIdle: EventLoopPromise<Void>?
  var whenFinished: () -> Void = {}

  private enum Done {
    case recorded([ProposedChange], Result<[OutdatedProposal], LogError>)
    case stored(MessageGroup, Result<[StoreOutcome], LogError>)
    case redacted(RedactionRequest, Result<StoredMessage?, LogError>)
  }

  /// The maximum number of redactions under way; more are refused.
  private static let maximumRedactions = 10_000
  private(set) var metrics = LogMetrics()

  init(storage: LogStorage, retention: Retention, eventLoop: any EventLoop, logger: Logger) {
    log = storage.log
    self.retention = retention
    clock = SteadyClock(
      patience: .seconds(86_400), atStart: .seconds(3600), after: storage.lastTime, uptime: .uptime)
    self.eventLoop = eventLoop
    loopHandle = LoopHandle(eventLoop)
    reports = LogReports(logger: logger, storage: storage.sharedState == nil ? "disk" : "database")
    if let error = storage.startFault { reports.store(.failure(error), of: 0, at: .now()) }
    threads = LogThreads()
    backlog = StoreBacklog(limit: storage.backlog)
    searchBudget = storage.searchBudget
    later = { work in eventLoop.assumeIsolated().scheduleTask(in: .microseconds(100), work) }
    guard !storage.isInMemory else { return }
    let (bound, loopHandle) = (NIOLoopBound(self, eventLoop: eventLoop), loopHandle)
    writer = LogWriter(log: storage.log, thread: threads.writing) { report in
      loopHandle.execute { bound.value.take(report) }
    }
    guard let log = storage.log as? any SharedLog, let state = storage.sharedState else { return }
    let feed = SharedFeed(log, state, threads: threads, on: loopHandle)
    feed.whenReady = { [unowned self] in answerDone() }
    feed.reportReading = { [unowned self] in reports.follow($0, at: .now()) }
    feed.reportRenewal = { [unowned self] in reports.renew($0, at: .now()) }
    feed.whenNodeEnded = { [unowned self] in whenNodeEnded() }
    self.feed = feed
  }

  /// Starts reading the feed of a shared log. Its entries come as answers.
  func start() { feed?.readOn() }

  /// Whether all requests are answered.
  var isIdle: Bool {
    backlog.isEmpty && proposing == 0 && redacting == 0 && reading == 0 && done.isEmpty && answers.isEmpty
  }

  /// Whether the backlog is full, so that sessions that add to it should not be read from.
  var isFull: Bool { backlog.isFull }
  /// Why messages cannot be stored; nil if no problem is known.
  var trouble: String? { trouble(at: .now()) }

  func trouble(at now: MonotonicTime) -> String? {
    if let feed, feed.isOutOfContact(at: now) {
      return "no contact to the database for \(feed.silence(at: now).components.seconds) seconds"
    }
    return reports.trouble(at: now, isWaiting: !backlog.isEmpty).map { "\($0)" }
  }

  // MARK: Requests

  /// - Parameter apply: receives the events from an in-memory log, before this returns.
  func store(_ message: NewMessage, reportingTo apply: (HubEvent) -> Void) {
    guard writer == nil else {
      writeBatch.messages.append(message)
      backlog.add(message, at: .now())
      return
    }
    LocalFeed.report(append(message), to: apply)
  }

  /// Stores a message in an in-memory log.
  private func append(_ message: NewMessage) -> Result<StoreOutcome, HubEvent.StorageFailure> {
    do {
      guard let outcome = try log?.append([message], at: .now()).first else {
        return .failure(HubEvent.StorageFailure())
      }
      metrics.count([outcome])
      return .success(outcome)
    } catch {
      metrics.fail()
      reports.store(.failure(error), at: .now())
      return .failure(HubEvent.StorageFailure(error))
    }
  }

  /// - Parameter apply: receives the event from an in-memory log, before this returns.
  func propose(_ entry: SharedChange, _ stake: Stake, reportingTo apply: (HubEvent) -> Void) {
    guard writer == nil else {
      writeBatch.proposals.append(ProposedChange(entry, stake: stake, received: feed?.received ?? 0))
      if proposing == 0 { recordingMoved = .now() }
      proposing += 1
      return
    }
    LocalFeed.report(entry, record(entry.changes), to: apply)
  }

  /// Stores changes in an in-memory log.
  private func record(_ changes: [RegistryChange]) -> HubEvent.StorageFailure? {
    guard let log else { return HubEvent.StorageFailure() }
    do {
      try log.record(changes)
      return nil
    } catch {
      reports.record(error, of: changes.count, at: .now())
      return HubEvent.StorageFailure(error)
    }
  }

  /// Answered after everything stored before.
  func redact(_ redaction: RedactionRequest) {
    guard let log else { return }
    if writer == nil {
      let result = Result { () throws(LogError) in
        try log.redact(
          redaction.conversation, sequence: redaction.sequence, author: redaction.author, noting: redaction.note)
      }
      if case .success(let message?) = result { watch.note(message) }
      return redaction.report(result, to: answer)
    }
    guard redacting < Self.maximumRedactions else {
      return redaction.report(.failure(LogError(.other, "too many messages wait to be erased")), to: answer)
    }
    redacting += 1
    writeBatch.redactions.append(redaction)
  }

  func keep(_ mark: ReadMark, of login: LoginID) {
    guard feed == nil else { return writeBatch.presence.add(mark, of: login) }
    guard writer == nil else { return marks.add(mark) }
    do {
      try log?.keep([mark])
    } catch {
      reports.tidy(error, at: .now())
    }
  }

  /// Tells the other hubs of a shared log that a login has ended.
  func depart(_ departure: Departure) { if feed != nil { writeBatch.presence.add(departure) } }

  /// - Parameter asker: the member who asks; members are served round-robin. Nil for a request without a member.
  func read(_ id: ReadID, _ request: ReadRequest, for asker: MemberID?) {
    guard let log else { return }
    if writer == nil, !request.isSearch {
      return answer(.read(id, result(of: log.answer(to: request), to: request)))
    }
    reading += 1
    lane(of: request).add(PendingRead(id: id, request: request, asker: asker))
  }

  /// The answer is no longer needed, and may be omitted.
  func cancelRead(_ id: ReadID, for asker: MemberID?) {
    for lane in [searches, pages] where lane.cancel(id, of: asker) { reading -= 1 }
    checkIdle()
  }

  private func lane(of request: ReadRequest) -> ReadLane { request.isSearch ? searches : pages }

  private func start(_ read: PendingRead, on threads: NIOThreadPool) {
    let began = watch.begin()
    let (bound, loopHandle, log, budget) = (NIOLoopBound(self, eventLoop: eventLoop), loopHandle, log, searchBudget)
    threads.submit { state in
      read.stop.begin(for: budget)
      let result =
        if state == .active, let log {
          log.answer(to: read.request) { read.stop.isDue }
        } else {
          Result<ReadAnswer, LogError>.failure(LogError(.other, "the server ends"))
        }
      loopHandle.execute { bound.value.take(result, to: read, began) }
    }
  }

  /// Hands over the writes of this iteration of the loop.
  func endIteration() {
    guard !writeBatch.isEmpty else { return }
    writer?.carryOut(writeBatch)
    writeBatch.clear()
  }

  /// Due about once a second.
  func tick(at now: MonotonicTime) {
    if backlog.isStuck(at: now) { reports.isStuck(at: now) }
    if proposing > 0, now - recordingMoved >= StoreBacklog.patience { reports.isRecordingStuck(at: now) }
    feed?.renewLease(at: now)
    let time = clock.earliestTime(wall: .now(), uptime: .uptime)
    guard let writer else {
      // An in-memory log prunes in one go.
      if maintenance.isPruningDue(at: now) { _ = try? log?.prune(retention, at: time) }
      return
    }
    if maintenance.isTidyingDue(at: now) {
      let marks = marks.take()
      if !marks.isEmpty { writer.keep(marks) }
      writer.tidy(.index)
      if feed != nil { writer.retryDepartures() }
    }
    if maintenance.isPruningDue(at: now) { writer.tidy(.prune(retention, at: time)) }
  }

  // MARK: Answers

  private func take(_ report: LogWriter.Report) {
    switch report {
    case .stored(let group, let result):
      done.append(.stored(group, result))
      answerDone()
    case .redacted(let redaction, let result):
      if case .success = result { reports.endRepetition(at: .now()) }
      done.append(.redacted(redaction, result))
      answerDone()
    case .recorded(let proposals, let result):
      if case .success = result { reports.endRepetition(at: .now()) }
      done.append(.recorded(proposals, result))
      answerDone()
    case .repeating(let error):
      backlog.noteRepetition(at: .now())
      reports.repeatWrite(error, at: .now())
    case .kept(let error):
      marks.settle()
      reports.tidy(error, at: .now())
    case .tidied(let error): reports.tidy(error, at: .now())
    case .finished: whenFinished()
    }
  }

  /// Answers completed writes in their order. A redaction stays behind the message that it is about, whose answer must
  /// come first.
  private func answerDone() {
    guard !isResting, !answers.isEmpty || !done.isEmpty || feed?.isReady == true else { return }
    isResting = true
    later {
      self.isResting = false
      self.answerDone()
    }
    if answers.isEmpty, let next = done.popFirst() { take(next) }
    while let next = answers.popFirst() ?? feed?.next() {
      answer(next)
      if isIterationOver() { break }
    }
    feed?.readOn()
    checkIdle()
  }

  private func take(_ next: Done) {
    switch next {
    case .recorded(let proposals, let result): answerRecorded(proposals, result)
    case .stored(let group, let result): answerStored(group, result)
    case .redacted(let redaction, let result):
      redacting -= 1
      reports.redact(result, at: .now())
      if case .success(let message?) = result { watch.note(message) }
      if case .failure(let error) = result { feed?.fail(error) }
      if feed == nil {
        redaction.report(result) { answers.append($0) }
      } else {
        answers.append(.redacted(redaction.id, result.mapError(HubEvent.StorageFailure.init)))
      }
    }
  }

  private func answerRecorded(_ proposals: [ProposedChange], _ result: Result<[OutdatedProposal], LogError>) {
    let failure = if case .failure(let error) = result { error } else { LogError?.none }
    proposing -= proposals.count
    recordingMoved = .now()
    if failure == nil, proposals.contains(where: { $0.change.changes.contains(where: \.isDeletion) }) {
      maintenance.hastenPruning()
    }
    reports.record(failure, of: proposals.reduce(0) { $0 + $1.change.changes.count }, at: .now())
    guard let feed else {
      for proposal in proposals {
        LocalFeed.report(proposal.change, failure.map(HubEvent.StorageFailure.init)) { answers.append($0) }
      }
      return
    }
    switch result {
    case .success(let outdated): for proposal in outdated { feed.reject(proposal) }
    case .failure(let error):
      feed.fail(error)
      for proposal in proposals {
        answers.append(.rejected(proposal.change.proposal, .failure(HubEvent.StorageFailure(error))))
      }
    }
  }

  private func answerStored(_ group: MessageGroup, _ result: Result<[StoreOutcome], LogError>) {
    let wasFull = backlog.isFull
    backlog.remove(group, at: .now())
    reports.store(result.map(\.count), of: group.messages.count, at: .now())
    switch result {
    case .success(let outcomes):
      metrics.count(outcomes)
      feed?.note(outcomes)
    case .failure(let error):
      metrics.fail(group.messages.count)
      feed?.fail(error)
    }
    if let time = group.commitTime { metrics.commit(time) }
    if feed == nil {
      group.report(result) { answers.append($0) }
    } else {
      group.reportOutcomes(result) { answers.append(.stored($0)) }
    }
    if wasFull, !backlog.isFull { relieve() }
  }

  private func take(_ answer: Result<ReadAnswer, LogError>, to read: PendingRead, _ began: Int) {
    reading -= 1
    lane(of: read.request).finish(read.id)
    let page = if case .success(.page(let page)) = answer { page } else { Page?.none }
    let answer = watch.end(began, page, isSearch: read.request.isSearch).map { .success(.page($0)) } ?? answer
    self.answer(.read(read.id, result(of: answer, to: read.request)))
    checkIdle()
  }

  private func result(
    of answer: Result<ReadAnswer, LogError>, to request: ReadRequest
  ) -> Result<ReadAnswer, HubEvent.StorageFailure> {
    // An interrupted read indicates no problem with the log.
    let wasInterrupted = if case .failure(let error) = answer { error.cause == .interrupted } else { false }
    if !wasInterrupted { reports.read(answer, at: .now()) }
    return answer.mapError(HubEvent.StorageFailure.init).map { answer in
      guard case .state(let state) = answer, case .state(of: let member) = request else { return answer }
      return .state(marks.complete(state, of: member))
    }
  }
}

extension ReadRequest {
  fileprivate var isSearch: Bool { if case .search = self { true } else { false } }
}

@available(*, unavailable)
extension LogService: Sendable {}
