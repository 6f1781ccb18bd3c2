import ChatDialects
import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import DequeModule
import Logging
import NIOCore
import NIOSSL

/// Passes socket events to the hub, and carries out its actions. Lives on one event loop, which orders everything
/// without a lock.
final class HubDriver {
  let eventLoop: any EventLoop
  private let logger: Logger
  private(set) var hub: Hub
  private(set) var log: LogService
  /// The hub was declared dead, and the next one has not begun: connections are refused.
  private(set) var isBetweenHubs = false
  /// The hub's present settings.
  private(set) var settings: HubSettings
  let metrics = ServerMetrics()
  /// The TLS context for later connections; nil if TLS is off.
  var tls: NIOSSLContext?
  /// Applies to later connections.
  var peerTrust = PeerTrust()
  let proxyReports: AcceptReports
  var fanout = Fanout()
  var connections: [SessionID: Connection] = [:]
  private var lastID: UInt64 = 0
  private var isFlushScheduled = false
  /// For expiry times, such as those of bans and invitations.
  var clock = SteadyClock(patience: .seconds(3600))
  var iteration = IterationBudget()
  var ends = ConnectionEnds()
  /// For the beginning of the next iteration; nil without sockets.
  var selfPipe: SelfPipe?
  /// Work for the next iteration.
  private var postponed: [() -> Void] = []
  /// Work for the next iteration that comes behind `postponed`: of clients that were served in this one.
  private var postponedBehind: [() -> Void] = []
  private var isTurnScheduled = false
  /// Whether readers of published lines wait for the next iteration.
  private var isSweepPostponed = false

  /// The session whose request is being handled.
  private var speaker: SessionID?
  /// Sessions that are not read from until the log's backlog is smaller.
  private var held: [SessionID] = []

  /// Carrying out an action may cause an event, such as a failed write that closes a socket: the event waits until the
  /// action is complete.
  private var waiting: Deque<QueuedEvent> = []
  private var isBusy = false

  private enum QueuedEvent {
    case command(HubEvent)
    case forget(SessionID)
  }

  /// Reused, so that a line costs no allocation here.
  private var actions: [HubAction] = []

  /// The time of the command being carried out.
  private var now = MonotonicTime(nanoseconds: 0)

  /// Called when the last connection is gone, after `shutDown`.
  var whenEmpty: EventLoopPromise<Void>?

  var ticking: RepeatedTask?
  /// The number of refused connections that still hold a socket.
  var refusals = 0

  var isQuiet: Bool { fanout.isQuiet }

  /// - Parameter settings: the hub's.
  init(eventLoop: any EventLoop, hub: Hub, settings: HubSettings, log: LogService, logger: Logger) {
    self.eventLoop = eventLoop
    self.settings = settings
    self.log = log
    self.logger = logger
    proxyReports = AcceptReports(logger: logger)
    self.hub = hub
    listen(to: log)
  }

  private func listen(to log: LogService) {
    log.answer = { [weak self] command in self?.apply(command) }
    log.isIterationOver = { [weak self] in self?.iteration.isOver == true }
    log.later = { [weak self] work in self?.postpone(work) }
    log.relieve = { [weak self] in self?.relieve() }
  }

  func nextID() -> SessionID {
    lastID += 1
    return SessionID(lastID)
  }

  // MARK: Events

  func open(_ connection: Connection) {
    guard !isBetweenHubs else { return connection.finish(lingers: false) }
    connections[connection.id] = connection
    logger.debug(
      "connection opened", metadata: ["session.id": "\(connection.id)", "peer.address": "\(connection.place)"])
    apply(.opened(connection.id, connection.peer, connection.dialect.capabilities))
  }

  /// The connection is closed: tells the hub, and forgets the connection.
  func forget(_ connection: Connection, _ reason: LeaveReason) {
    waiting.append(.command(.closed(connection.id, reason)))
    waiting.append(.forget(connection.id))
    work()
  }

  func apply(_ command: HubEvent) {
    guard !isBusy else { return waiting.append(.command(command)) }
    // The queue is empty whenever the driver is idle.
    isBusy = true
    carryOut(command)
    isBusy = false
    work()
  }

  /// As `apply`, for a request whose answer is a list.
  func applyList(_ command: HubEvent) {
    let start = iteration.work
    apply(command)
    iteration.addList(since: start)
  }

  /// Whether the request waits for the next iteration, so that others are answered first.
  func mustWait(_ request: Request) -> Bool {
    switch request.verb {
    case .ping: false
    // The name may become free.
    case .login, .resume: !ends.isEmpty || fanout.isBehind
    default: request.asksForList ? iteration.areListsOver : fanout.isBehind
    }
  }

  private func work() {
    guard !isBusy, !waiting.isEmpty else { return }
    isBusy = true
    defer { isBusy = false }
    while let work = waiting.popFirst() {
      switch work {
      case .command(let command): carryOut(command)
      case .forget(let id):
        // Sessions ended by a shutdown keep their subscriptions, and the room channel would keep its readers and their
        // driver alive.
        if let connection = connections.removeValue(forKey: id) { leaveAll(connection) }
        if connections.isEmpty { whenEmpty?.succeed() }
      }
    }
  }

  private func carryOut(_ command: HubEvent) {
    now = .now()
    prepare(for: command)
    applyToHub(command)
    var index = 0
    // An in-memory log answers at once, which appends the resulting actions.
    while index < actions.count {
      perform(actions[index])
      index += 1
    }
    actions.removeAll(keepingCapacity: true)
    speaker = nil
  }

  private func applyToHub(_ event: HubEvent) {
    if log.feed == nil {
      LocalFeed.apply(event, to: &hub, at: now, into: &actions)
    } else {
      hub.apply(event, at: now, into: &actions)
    }
  }

  private func prepare(for command: HubEvent) {
    switch command {
    case .received(let id, _): speaker = id
    case .lagging(let id):
      if let connection = connections[id] { fanout.suspend(connection) }
      scheduleFlush()
    case .caughtUp(let id):
      if let connection = connections[id] { fanout.resume(connection) }
    case .tick: log.tick(at: now)
    case .change(let settings): self.settings = settings
    default: break
    }
  }

  private func relieve() {
    let relieved = held
    held = []
    for id in relieved { connections[id]?.resume(.storing) }
  }

  // MARK: Another hub

  /// Ends all sessions of a hub that was declared dead, and refuses connections until `begin`.
  func endHub() {
    apply(.shutdown)
    isBetweenHubs = true
    // Answers to this hub mean nothing to the next one.
    log.answer = { _ in }
    log.abandon()
  }

  /// Goes on with another hub and its log.
  func begin(_ hub: Hub, _ log: LogService) {
    self.hub = hub
    log.retention = self.log.retention
    self.log = log
    listen(to: log)
    isBetweenHubs = false
    keepTime(for: settings)
  }

  // MARK: Actions

  private func perform(_ action: HubAction) {
    switch action {
    case .send(let id, let message, let tags): send(message, tags, to: id)
    case .list(let id, let list):
      if let connection = connections[id] { iteration.addPublished(fanout.send(list, to: connection)) }
      scheduleFlush()
    case .publish(let message, let room, let tags):
      iteration.addPublished(fanout.publish(message, tags: tags, in: room))
      scheduleFlush()
    case .post(let message, let author): post(message, from: author)
    case .agree(let id, let capabilities):
      if let connection = connections[id] { fanout.agree(on: capabilities, connection) }
      scheduleFlush()
    case .enter(let id, let room):
      if let connection = connections[id] { fanout.enter(room, connection) }
    case .leave(let id, let room):
      if let connection = connections[id] { fanout.leave(room, connection) }
      scheduleFlush()
    case .loggedIn(let id, let name):
      metrics.logins &+= 1
      report("logged in", id, name)
    case .loggedOut(let id, let name, let reason):
      if let connection = connections[id] { leaveAll(connection) }
      report("left", id, name, ["leave.reason": "\(reason.rawValue)"])
    case .store(let message): store(message)
    case .read(let id, let request, let asker): log.read(id, request, for: asker)
    case .cancelRead(let id, let asker): log.cancelRead(id, for: asker)
    case .keep(let mark, let login):
      log.keep(mark, of: login)
      scheduleFlush()
    case .propose(let change, let stake):
      log.propose(change, stake) { applyToHub($0) }
      scheduleFlush()
    case .depart(let departure):
      log.depart(departure)
      scheduleFlush()
    case .redact(let id, let conversation, let sequence, let author, let note):
      log.redact(RedactionRequest(id: id, conversation: conversation, sequence: sequence, author: author, note: note))
      scheduleFlush()
    case .hold(let id): connections[id]?.pause(.held)
    case .release(let id): connections[id]?.resume(.held)
    case .close(let id, let reason): close(id, reason)
    }
  }

  private func send(_ message: ServerMessage, _ tags: Tags, to id: SessionID) {
    guard let connection = connections[id], connection.dialect.knows(message) else { return }
    metrics.count(message)
    fanout.send(message, tags: tags, to: connection)
    scheduleFlush()
  }

  private func post(_ message: StoredMessage, from author: SessionID?) {
    guard case .room(let room) = message.conversation else { return }
    iteration.addPublished(fanout.post(message, in: room, from: author.flatMap { connections[$0] }))
    scheduleFlush()
  }

  private func store(_ message: NewMessage) {
    log.store(message) { applyToHub($0) }
    // The message is handed over at the end of the iteration.
    scheduleFlush()
    guard log.isFull, let speaker, let connection = connections[speaker] else { return }
    connection.pause(.storing)
    held.append(speaker)
  }

  /// Counts a line written for one reader.
  func noteLine(_ bytes: Int) { iteration.addLine(bytes) }

  private func leaveAll(_ connection: Connection) {
    fanout.leaveAll(connection)
    scheduleFlush()
  }

  private func close(_ id: SessionID, _ reason: CloseReason) {
    guard let connection = connections[id] else { return }
    let level: Logger.Level = reason == .slow || reason == .full ? .warning : .debug
    logger.log(
      level: level, "hanging up",
      metadata: [
        "session.id": "\(id)", "close.reason": "\(reason.rawValue)", "peer.address": "\(connection.place)",
      ])
    switch reason {
    case .slow: connection.abort()
    case .full, .tooMany, .banned: turnAway(connection)
    default: connection.finish()
    }
  }

  private func report(_ event: Logger.Message, _ id: SessionID, _ name: Nickname, _ more: Logger.Metadata = [:]) {
    // The metadata are not made for a level that is not logged.
    guard logger.logLevel <= .info else { return }
    var metadata: Logger.Metadata = [
      "session.id": "\(id)", "session.name": "\(name)", "hub.people": "\(hub.peopleCount)",
    ]
    if let connection = connections[id] { metadata["peer.address"] = "\(connection.place)" }
    logger.info(event, metadata: metadata.merging(more) { $1 })
  }

  // MARK: Iterations

  /// The loop serves all ready sockets before it runs scheduled tasks, so this sends all their lines together.
  private func scheduleFlush() {
    guard !isFlushScheduled else { return }
    isFlushScheduled = true
    eventLoop.assumeIsolated().execute { self.endIteration() }
  }

  private func endIteration() {
    isFlushScheduled = false
    iteration = IterationBudget()
    // The disk works while sockets are being written.
    log.endIteration()
    // A failed write closes its socket: the event is handled after all readers have been served.
    isBusy = true
    let isComplete = fanout.flush(continuesSweeps: !isSweepPostponed)
    isBusy = false
    work()
    if !isComplete { continueSweepLater() }
    scheduleNextTurn()
  }

  private func continueSweepLater() {
    guard !isSweepPostponed else { return }
    isSweepPostponed = true
    postpone {
      self.isSweepPostponed = false
      self.scheduleFlush()
    }
  }

  /// The pause before the next iteration if there is no pipe.
  private static let pause = TimeAmount.microseconds(100)

  /// Postpones work until the sockets have been polled again.
  /// - Parameter behindOthers: whether the work comes behind other postponed work.
  func postpone(behindOthers: Bool = false, _ work: @escaping () -> Void) {
    if behindOthers { postponedBehind.append(work) } else { postponed.append(work) }
    scheduleNextTurnSoon()
  }

  private var hasPostponed: Bool { !postponed.isEmpty || !postponedBehind.isEmpty }

  /// A scheduled end of the iteration comes first, because its output takes time; it schedules the next iteration.
  func scheduleNextTurnSoon() {
    if !isFlushScheduled { scheduleNextTurn() }
  }

  private func scheduleNextTurn() {
    guard !isTurnScheduled, hasPostponed || ends.areDue else { return }
    isTurnScheduled = true
    if let selfPipe, selfPipe.afterPoll({ self.takeTurn() }) { return }
    eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { self.takeTurn() }
  }

  private func takeTurn() {
    isTurnScheduled = false
    // If output waits, `endIteration` begins the next iteration.
    if !isFlushScheduled { iteration = IterationBudget() }
    let due = postponed + postponedBehind
    postponed = []
    postponedBehind = []
    for work in due { work() }
    handleEnds()
    scheduleNextTurnSoon()
  }
}

@available(*, unavailable)
extension HubDriver: Sendable {}
