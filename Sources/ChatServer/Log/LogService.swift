import ChatHub
import ChatLog
import ChatProtocol
import DequeModule
import Logging
import NIOCore
import NIOPosix

/// Carries to the log what the hub wants of it, and back what it answers. Lives on the event loop and never blocks it:
/// a log that touches a disk is called on threads of its own.
final class LogService {
  /// Nil when all is over.
  private var log: (any MessageLog)?
  private let eventLoop: any EventLoop
  private let door: LoopDoor
  private let retention: Retention
  private var reports: LogReports
  private let threads: LogThreads
  /// Nil where the log is in memory, and asked on the loop.
  private var writer: LogWriter?

  /// What the log said, for the hub, in order.
  var answer: ([HubCommand]) -> Void = { _ in }
  /// There is room again, after `isFull`.
  var relieve: () -> Void = {}

  /// What this turn of the loop has to store.
  private var gathered: [NewMessage] = []
  private var backlog: Backlog
  private var reading = 0
  /// What was stored and is not answered.
  private var stored: Deque<(MessageGroup, Result<[StoreOutcome], LogError>)> = []
  private var isResting = false
  private var marks = RecentMarks()
  private var agenda = LogAgenda()
  private var whenIdle: EventLoopPromise<Void>?
  private var whenFinished: () -> Void = {}

  /// The loop looks at its sockets between two groups, however fast the log is.
  private static let rest = TimeAmount.microseconds(100)

  init(storage: LogStorage, retention: Retention, eventLoop: any EventLoop, logger: Logger) {
    log = storage.log
    self.retention = retention
    self.eventLoop = eventLoop
    door = LoopDoor(eventLoop)
    reports = LogReports(logger: logger)
    threads = LogThreads()
    backlog = Backlog(limit: storage.backlog)
    guard !storage.isInMemory else { return }
    let (bound, door) = (NIOLoopBound(self, eventLoop: eventLoop), door)
    writer = LogWriter(log: storage.log, thread: threads.writing) { report in
      door.execute { bound.value.take(report) }
    }
  }

  /// So much waits to be stored that nobody who adds to it should be read.
  var isFull: Bool { backlog.isFull }

  // MARK: What the hub wants

  /// - Returns: what became of it, from a log in memory; nil: that is answered later.
  func store(_ message: NewMessage) -> Result<StoreOutcome, HubCommand.StorageFailure>? {
    guard writer == nil else {
      gathered.append(message)
      backlog.add(message, at: .now())
      return nil
    }
    do {
      if let outcome = try log?.append([message], at: .now()).first { return .success(outcome) }
      return .failure(HubCommand.StorageFailure())
    } catch {
      reports.store(.failure(error), at: .now())
      return .failure(HubCommand.StorageFailure(error))
    }
  }

  func keep(_ mark: ReadMark) {
    guard writer == nil else { return marks.add(mark) }
    do {
      try log?.keep([mark])
    } catch {
      reports.tidy(error, at: .now())
    }
  }

  func read(_ id: ReadID, _ request: ReadRequest) {
    guard let log else { return }
    let isQuick = if case .search = request { false } else { true }
    if writer == nil, isQuick { return answer([.read(id, result(of: log.answer(to: request), to: request))]) }
    reading += 1
    let (bound, door) = (NIOLoopBound(self, eventLoop: eventLoop), door)
    threads.reading.submit { state in
      let result = state == .active ? log.answer(to: request) : .failure(LogError(.other, "the server ends"))
      door.execute { bound.value.take(result, to: request, id) }
    }
  }

  /// Hands over what came in this turn of the loop.
  func endTurn() {
    guard !gathered.isEmpty else { return }
    writer?.store(gathered)
    gathered.removeAll(keepingCapacity: true)
  }

  /// Due about once a second.
  func tick(at now: MonotonicTime) {
    if backlog.isStuck(at: now) { reports.isStuck(at: now) }
    guard let writer else {
      // A log in memory does it in one go.
      if agenda.isPruningDue(retention, at: now) { _ = try? log?.prune(retention, at: .now()) }
      return
    }
    if agenda.isTidyingDue(at: now) {
      let marks = marks.take()
      if !marks.isEmpty { writer.keep(marks) }
      writer.tidy(.index)
    }
    if agenda.isPruningDue(retention, at: now) { writer.tidy(.prune(retention)) }
  }

  // MARK: What the log says

  private func take(_ report: LogWriter.Report) {
    switch report {
    case .stored(let group, let result):
      stored.append((group, result))
      answerStored()
    case .kept(let error):
      marks.settle()
      reports.tidy(error, at: .now())
    case .tidied(let error): reports.tidy(error, at: .now())
    case .finished: whenFinished()
    }
  }

  private func answerStored() {
    guard !isResting, let (group, result) = stored.popFirst() else { return }
    isResting = true
    eventLoop.assumeIsolated().scheduleTask(in: Self.rest) {
      self.isResting = false
      self.answerStored()
    }
    let wasFull = backlog.isFull
    backlog.remove(group, at: .now())
    reports.store(result.map(\.count), of: group.messages.count, at: .now())
    answer(group.answers(result))
    if wasFull, !backlog.isFull { relieve() }
    checkIdle()
  }

  private func take(_ answer: Result<ReadAnswer, LogError>, to request: ReadRequest, _ id: ReadID) {
    reading -= 1
    self.answer([.read(id, result(of: answer, to: request))])
    checkIdle()
  }

  private func result(
    of answer: Result<ReadAnswer, LogError>, to request: ReadRequest
  ) -> Result<ReadAnswer, HubCommand.StorageFailure> {
    reports.read(answer, at: .now())
    return answer.mapError(HubCommand.StorageFailure.init).map { answer in
      guard case .state(let state) = answer, case .state(of: let member) = request else { return answer }
      return .state(marks.complete(state, of: member))
    }
  }

  // MARK: The end

  /// Succeeds when all is answered.
  func idle() -> EventLoopFuture<Void> {
    let promise = whenIdle ?? eventLoop.makePromise()
    whenIdle = promise
    checkIdle()
    return promise.futureResult
  }

  private func checkIdle() {
    guard backlog.isEmpty, reading == 0 else { return }
    whenIdle?.succeed()
    whenIdle = nil
  }

  /// Lets the log do all that must be done, and lets go of it.
  /// - Returns: when it is closed, which a disk that hangs may never let happen.
  func close() -> EventLoopFuture<Void> {
    let closed = eventLoop.makePromise(of: Void.self)
    whenFinished = { [weak self] in self?.letGo { closed.succeed() } }
    endTurn()
    marks.settle()
    writer?.keep(marks.take())
    if let writer { writer.finish() } else { whenFinished() }
    return closed.futureResult
  }

  private func letGo(_ done: @escaping @Sendable () -> Void) {
    writer = nil
    log = nil
    threads.end { [door] in door.execute(done) }
  }

  /// Lets go of the log, whatever it is about.
  func abandon() {
    letGo {}
    door.close()
  }
}

@available(*, unavailable)
extension LogService: Sendable {}
