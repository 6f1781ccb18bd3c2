import ChatHub
import ChatLog
import ChatProtocol
import DequeModule
import Logging
import NIOCore

/// Feeds the hub with what happens on the sockets, and carries out what it decides. Lives on one event loop, where
/// everything is in order without a lock.
final class HubDriver {
  private let eventLoop: any EventLoop
  private let logger: Logger
  private var hub: Hub
  private var log: any MessageLog
  private var connections: [SessionID: Connection] = [:]
  private var lastID: UInt64 = 0

  /// One for each dialect that anybody speaks.
  private var audiences: [Audience] = []
  /// Those with lines of their own in this turn.
  private var written: [Connection] = []
  private var isFlushScheduled = false

  /// Carrying out an action may make something happen, such as a write that closes a socket: it waits until the action
  /// is done.
  private var waiting: Deque<Work> = []
  private var isBusy = false

  private enum Work {
    case command(HubCommand)
    case forget(SessionID)
  }

  /// Reused, so that a line costs no allocation here.
  private var actions: [HubAction] = []

  /// When the command came that is being carried out.
  private var now = MonotonicTime(nanoseconds: 0)

  /// Called when the last connection is gone, after `shutDown`.
  private var whenEmpty: EventLoopPromise<Void>?

  /// While no more sessions than this are written to in one turn, there is time for a packet a line.
  private static let quietSessions = 32
  var isQuiet: Bool { written.count <= Self.quietSessions }

  /// More than this is sent before the turn is over: a shared buffer must not outgrow a reader's queue.
  private static let earlyFlush = 128 * 1024

  init(eventLoop: any EventLoop, settings: HubSettings, log: any MessageLog, logger: Logger) {
    self.eventLoop = eventLoop
    self.log = log
    self.logger = logger
    hub = Hub(settings: settings)
  }

  func nextID() -> SessionID {
    lastID += 1
    return SessionID(lastID)
  }

  // MARK: What happens

  func open(_ connection: Connection) {
    connections[connection.id] = connection
    logger.debug(
      "connection opened", metadata: ["session.id": "\(connection.id)", "peer.address": "\(connection.peer)"])
    apply(.opened(connection.id))
  }

  func disconnected(_ connection: Connection, reason: LeaveReason) {
    waiting.append(.command(.closed(connection.id, reason)))
    waiting.append(.forget(connection.id))
    work()
  }

  func apply(_ command: HubCommand) {
    guard !isBusy else { return waiting.append(.command(command)) }
    // Nothing waits while nobody is busy.
    isBusy = true
    carryOut(command)
    isBusy = false
    work()
  }

  private func work() {
    guard !isBusy, !waiting.isEmpty else { return }
    isBusy = true
    defer { isBusy = false }
    while let work = waiting.popFirst() {
      switch work {
      case .command(let command): carryOut(command)
      case .forget(let id):
        // At a shutdown nobody is dismissed, and an audience would keep its readers, and they their driver.
        if let connection = connections.removeValue(forKey: id), connection.seat != nil { unseat(connection) }
        if connections.isEmpty { whenEmpty?.succeed() }
      }
    }
  }

  private func carryOut(_ command: HubCommand) {
    now = .now()
    hub.apply(command, at: now, into: &actions)
    var index = 0
    // Storing answers at once, which appends the actions that follow from it.
    while index < actions.count {
      perform(actions[index])
      index += 1
    }
    actions.removeAll(keepingCapacity: true)
  }

  /// - Returns: when every connection is closed.
  func shutDown() -> EventLoopFuture<Void> {
    let promise = whenEmpty ?? eventLoop.makePromise()
    whenEmpty = promise
    apply(.shutdown)
    if connections.isEmpty { promise.succeed() }
    return promise.futureResult
  }

  /// Hangs up on whoever is left, without waiting.
  func abortAll() {
    for connection in connections.values { connection.abort() }
  }

  // MARK: What is to be done

  private func perform(_ action: HubAction) {
    switch action {
    case .send(let id, let message, let tags): send(message, tags, to: id)
    case .publish(let message, _, let tags): publish(message, tags)
    case .post(let message):
      var tags = Tags()
      tags.time = message.time
      publish(.message(from: message.author, text: message.text), tags)
    case .agree(let id, let dialect): agree(id, dialect)
    case .enter(let id, _):
      if let connection = connections[id] { seat(connection) }
    case .leave, .read, .keep, .hold, .release: break
    case .loggedIn(let id, let name):
      guard let connection = connections[id] else { return }
      logger.info(
        "logged in",
        metadata: [
          "session.id": "\(id)", "session.name": "\(name)", "peer.address": "\(connection.peer)",
          "hub.people": "\(hub.peopleCount)",
        ])
    case .loggedOut(let id, let name, let reason):
      if let connection = connections[id] { unseat(connection) }
      logger.info(
        "left",
        metadata: [
          "session.id": "\(id)", "session.name": "\(name)", "leave.reason": "\(reason.rawValue)",
          "hub.people": "\(hub.peopleCount)",
        ])
    case .store(let message): store(message)
    case .close(let id, let reason): close(id, reason)
    }
  }

  private func send(_ message: ServerMessage, _ tags: Tags, to id: SessionID) {
    guard let connection = connections[id], message.isKnown(in: connection.dialect) else { return }
    // What was published before comes first.
    if connection.seat != nil, let audience = audiences.first(where: { $0.dialect == connection.dialect }) {
      audience.deliver(to: connection)
    }
    if connection.send(message, tags: tags) { written.append(connection) }
    scheduleFlush()
  }

  private func publish(_ message: ServerMessage, _ tags: Tags) {
    for index in audiences.indices where !audiences[index].isEmpty {
      let dialect = audiences[index].dialect
      guard message.isKnown(in: dialect) else { continue }
      audiences[index].append(message, tags: tags)
      if audiences[index].pendingBytes > Self.earlyFlush { audiences[index].flush() }
    }
    scheduleFlush()
  }

  private func agree(_ id: SessionID, _ dialect: Capabilities) {
    guard let connection = connections[id] else { return }
    let isSeated = connection.seat != nil
    if isSeated { unseat(connection) }
    connection.dialect = dialect
    if isSeated { seat(connection) }
  }

  private func store(_ message: NewMessage) {
    do {
      for outcome in try log.append([message], at: .now()) {
        answerStored(.success(outcome))
      }
    } catch {
      logger.error("cannot store a message", metadata: ["log.error": "\(error)"])
      answerStored(.failure(HubCommand.StorageFailure()))
    }
  }

  private func answerStored(_ outcome: Result<StoreOutcome, HubCommand.StorageFailure>) {
    hub.apply(.stored(outcome), at: now, into: &actions)
  }

  private func close(_ id: SessionID, _ reason: CloseReason) {
    guard let connection = connections[id] else { return }
    let level: Logger.Level = reason == .slow || reason == .full ? .warning : .debug
    logger.log(
      level: level, "hanging up",
      metadata: [
        "session.id": "\(id)", "close.reason": "\(reason.rawValue)", "peer.address": "\(connection.peer)",
      ])
    switch reason {
    case .slow: connection.abort()
    case .full: connection.finish(lingers: false)
    default: connection.finish()
    }
  }

  // MARK: Fan-out

  private func seat(_ connection: Connection) {
    if let index = audiences.firstIndex(where: { $0.dialect == connection.dialect }) {
      audiences[index].add(connection)
    } else {
      var audience = Audience(dialect: connection.dialect)
      audience.add(connection)
      audiences.append(audience)
    }
  }

  private func unseat(_ connection: Connection) {
    guard let index = audiences.firstIndex(where: { $0.dialect == connection.dialect }) else { return }
    audiences[index].remove(connection)
    // What it was just handed is sent at the end of the turn, too.
    written.append(connection)
    scheduleFlush()
  }

  /// The loop serves all sockets that are ready before it runs what was scheduled: all their lines go out together.
  private func scheduleFlush() {
    guard !isFlushScheduled else { return }
    isFlushScheduled = true
    eventLoop.assumeIsolated().execute { self.flush() }
  }

  private func flush() {
    isFlushScheduled = false
    // A write that fails closes its socket: that is heard when all have been served.
    isBusy = true
    for index in audiences.indices { audiences[index].flush() }
    for connection in written { connection.endTurn() }
    written.removeAll(keepingCapacity: true)
    isBusy = false
    work()
  }
}

@available(*, unavailable)
extension HubDriver: Sendable {}
