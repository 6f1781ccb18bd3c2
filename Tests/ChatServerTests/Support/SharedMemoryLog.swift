import ChatLog
import ChatProtocol
import ChatRecords
import Foundation
import Synchronization

/// A shared log in memory: what several servers in one process write.
final class SharedMemoryStore: @unchecked Sendable {
  /// Guards everything below, and is signalled with each new item.
  private let condition = NSCondition()
  private var log = MemoryLog()
  private var items: [FeedItem] = []
  private var place = 0
  private var stakes = StakeHistory(after: 0)
  private var presence = PresenceState()
  private var lives: Set<HubID> = []
  private var sealed: [UInt8]?
  private var lastHub: Int64 = 0
  private var submitted: [HubID: (number: Int64, outdated: [OutdatedProposal])] = [:]
  /// A node's access to the store.
  func node() -> SharedMemoryLog { SharedMemoryLog(self, log) }

  fileprivate func locked<Value>(_ body: () throws(LogError) -> Value) throws(LogError) -> Value {
    condition.lock()
    defer { condition.unlock() }
    return try body()
  }

  fileprivate func begin() throws(LogError) -> SharedLogState {
    try locked { () throws(LogError) in
      lastHub += 1
      let hub = HubID(lastHub)
      lives.insert(hub)
      return SharedLogState(
        hub: hub, place: place, lastID: try log.lastID(), rooms: try log.rooms(), registry: try log.registry(),
        presence: presence)
    }
  }

  private func check(_ hub: HubID) throws(LogError) {
    guard lives.contains(hub) else { throw LogError(.nodeEnded, "the node was declared dead") }
  }

  private func add(_ entries: [FeedEntry], by hub: HubID) {
    place += 1
    for entry in entries { presence.apply(entry) }
    items.append(FeedItem(place: place, hub: hub, entries: entries))
    condition.broadcast()
  }

  fileprivate func append(
    _ new: [NewMessage], at time: Timestamp, by hub: HubID
  ) throws(LogError) -> [StoreOutcome] {
    try locked { () throws(LogError) in
      try check(hub)
      let outcomes = try log.append(new, at: time)
      for case .stored(let message) in outcomes { add([.message(message)], by: hub) }
      return outcomes
    }
  }

  fileprivate func submit(_ submission: Submission, by hub: HubID) throws(LogError) -> [OutdatedProposal] {
    try locked { () throws(LogError) in
      try check(hub)
      if let earlier = submitted[hub], earlier.number == submission.number { return earlier.outdated }
      var outdated: [OutdatedProposal] = []
      var entries: [FeedEntry] = []
      for proposed in submission.proposals {
        if let place = stakes.conflict(with: proposed.stake, after: proposed.received) {
          outdated.append(OutdatedProposal(proposed.change.proposal, place: place))
          continue
        }
        try log.record(proposed.change.changes)
        stakes.note(proposed.stake, at: place + 1)
        entries.append(.change(proposed.change))
      }
      for case .mark(let mark, _) in submission.presence { try log.keep([mark]) }
      entries += submission.presence
      if !entries.isEmpty { add(entries, by: hub) }
      submitted[hub] = (submission.number, outdated)
      return outdated
    }
  }

  fileprivate func redact(
    _ conversation: Conversation, _ sequence: Int, _ author: MemberID?, _ note: RedactionNote?, by hub: HubID
  ) throws(LogError) -> StoredMessage? {
    try locked { () throws(LogError) in
      try check(hub)
      let message = try log.redact(conversation, sequence: sequence, author: author, noting: note)
      if let message, message.kind != .redacted, let note {
        add([.redaction(Redaction(conversation, sequence: sequence, by: note.by))], by: hub)
      }
      return message
    }
  }

  fileprivate func entries(after place: Int, waiting: Duration) -> [FeedItem] {
    condition.lock()
    defer { condition.unlock() }
    let deadline = Date(timeIntervalSinceNow: Double(waiting.components.seconds))
    while self.place <= place { if !condition.wait(until: deadline) { break } }
    let start = items.firstIndex { $0.place > place } ?? items.count
    return Array(items[start...].prefix(FeedItem.pageSize))
  }

  fileprivate func renew(_ hub: HubID) throws(LogError) -> Int {
    try locked { () throws(LogError) in
      try check(hub)
      return place
    }
  }

  fileprivate func sealedKey(orStoring key: [UInt8]) -> [UInt8] {
    condition.lock()
    defer { condition.unlock() }
    sealed = sealed ?? key
    return sealed ?? []
  }

  /// Declares a node dead.
  func end(_ hub: HubID) {
    condition.lock()
    defer { condition.unlock() }
    guard lives.remove(hub) != nil else { return }
    add([.hubEnded(hub)], by: hub)
  }

  /// The hubs that are alive.
  var hubs: Set<HubID> {
    condition.lock()
    defer { condition.unlock() }
    return lives
  }
}

/// One node's access to a shared log in memory, and its faults.
final class SharedMemoryLog: SharedLog {
  private let store: SharedMemoryStore
  private let log: MemoryLog
  private let hub = Mutex(HubID(0))
  private let fault = Mutex(Fault.none)
  private let refused = Mutex(0)
  private let repetition = Mutex<(@Sendable (LogError) -> Bool)?>(nil)

  enum Fault {
    case none
    case unreachable
    case losesAnswers
    /// Writes are refused, and everything else works.
    case full
    /// The outcome of a write is unknown: the log repeats it, without success.
    case leavesDoubt
    /// Leases are not renewed, and everything else works.
    case losesLease
  }

  fileprivate init(_ store: SharedMemoryStore, _ log: MemoryLog) {
    self.store = store
    self.log = log
  }

  /// Sets the fault that the following calls meet.
  func set(_ fault: Fault) { self.fault.withLock { $0 = fault } }
  var node: HubID { hub.withLock { $0 } }
  /// The number of calls that failed with `full` or `losesLease`.
  var refusals: Int { refused.withLock { $0 } }

  private func call<Value>(_ body: () throws(LogError) -> Value) throws(LogError) -> Value {
    let fault = fault.withLock { $0 }
    if fault == .unreachable { throw LogError(.unreachable, "the database is away") }
    let value = try body()
    if fault == .losesAnswers { throw LogError(.unreachable, "the connection is lost") }
    return value
  }

  private func write<Value>(_ body: () throws(LogError) -> Value) throws(LogError) -> Value {
    while fault.withLock({ $0 }) == .leavesDoubt {
      let (error, mayRepeat) = (LogError(.full, "the disk is full"), repetition.withLock { $0 })
      guard mayRepeat?(error) ?? true else { throw error }
      usleep(1000)
    }
    guard fault.withLock({ $0 }) != .full else { throw refusal(.full) }
    return try call(body)
  }

  private func refusal(_ cause: LogError.Cause) -> LogError {
    refused.withLock { $0 += 1 }
    return LogError(cause, "the database refuses")
  }

  var epochs: EpochList { log.epochs }
  var secret: [UInt8] { log.secret }

  func begin(_ name: String) throws(LogError) -> SharedLogState {
    let state = try call { () throws(LogError) in try store.begin() }
    hub.withLock { $0 = state.hub }
    return state
  }

  func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoreOutcome] {
    try write { () throws(LogError) in try store.append(messages, at: time, by: node) }
  }

  func submit(_ submission: Submission) throws(LogError) -> [OutdatedProposal] {
    try write { () throws(LogError) in try store.submit(submission, by: node) }
  }

  func redact(
    _ conversation: Conversation, sequence: Int, author: MemberID?, noting note: RedactionNote?
  ) throws(LogError) -> StoredMessage? {
    try write { () throws(LogError) in try store.redact(conversation, sequence, author, note, by: node) }
  }

  func entries(after place: Int, waiting: Duration) throws(LogError) -> [FeedItem] {
    try call { () throws(LogError) in store.entries(after: place, waiting: waiting) }
  }

  func renewLease(received: Int) throws(LogError) -> Int {
    guard fault.withLock({ $0 }) != .losesLease else { throw refusal(.unreachable) }
    return try call { () throws(LogError) in try store.renew(node) }
  }

  func sealedKey(orStoring key: [UInt8]) throws(LogError) -> [UInt8] {
    try call { () throws(LogError) in store.sealedKey(orStoring: key) }
  }

  func beforeRepetition(_ mayRepeat: @escaping @Sendable (LogError) -> Bool) {
    repetition.withLock { $0 = mayRepeat }
  }

  func leave() throws(LogError) { try call { () throws(LogError) in store.end(node) } }

  // MARK: Reading

  func page(_ request: PageRequest) throws(LogError) -> Page { try log.page(request) }

  func search(
    _ request: SearchRequest, until mustStop: @escaping @Sendable () -> Bool
  ) throws(LogError) -> Page { try log.search(request, until: mustStop) }

  func lastID() throws(LogError) -> Int { try log.lastID() }
  func lastTime() throws(LogError) -> Timestamp? { try log.lastTime() }
  func rooms() throws(LogError) -> [RoomState] { try log.rooms() }
  func state(of member: MemberID) throws(LogError) -> MemberState { try log.state(of: member) }
  func registry() throws(LogError) -> RegistryState { try log.registry() }
  func acts(limit: Int) throws(LogError) -> [Act] { try log.acts(limit: limit) }
  func record(_ changes: [RegistryChange]) throws(LogError) { try log.record(changes) }
  func keep(_ marks: [ReadMark]) throws(LogError) { try log.keep(marks) }
  func prune(_ retention: Retention, at now: Timestamp) throws(LogError) -> Bool { false }
  func catchUp(isUrgent: Bool) throws(LogError) -> DeferredWork { DeferredWork(hasMore: false, indexed: 0) }
}
