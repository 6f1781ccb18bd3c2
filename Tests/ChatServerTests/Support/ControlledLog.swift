import ChatLog
import ChatProtocol
import ChatRecords
import Foundation
import TestSupport

/// A log on a simulated disk, which the test makes fail, hang, or delay.
final class ControlledLog: MessageLog {
  private let log: MemoryLog
  private let disk: Disk

  /// @unchecked: all properties are accessed only while `condition` is locked.
  private final class Disk: @unchecked Sendable {
    let condition = NSCondition()
    var isHanging = false
    var waitingCalls = 0
    var failure: LogError?
    var commits: [Int] = []
    var delays: SeededGenerator?
    var chores = 0
    var choresLeft = 0
    var unindexed = 0
    var slice = 2000
    var isIndexedElsewhere = false
    var urgentCalls = 0
    var kept: [ReadMark] = []
    var retentions: [Retention] = []
    var pruningTimes: [Timestamp] = []
    var recordings: [Int] = []
    var redactions = 0
    var isSearchingForEver = false
    var searches: [String] = []

    /// - Returns: whether there are more.
    func doChore() -> Bool {
      chores += 1
      choresLeft = max(choresLeft - 1, 0)
      return choresLeft > 0
    }
  }

  /// - Parameter delays: generates the duration of each commit, up to two milliseconds.
  init(delays: SeededGenerator? = nil) {
    log = MemoryLog()
    disk = Disk()
    disk.delays = delays
  }

  // MARK: Behaviour of the disk

  var isHanging: Bool {
    get { locked { $0.isHanging } }
    set { locked { $0.isHanging = newValue } }
  }

  /// The error of each commit and each redaction; nil for none.
  var failure: LogError? {
    get { locked { $0.failure } }
    set { locked { $0.failure = newValue } }
  }

  // MARK: Recorded calls

  /// Whether a call waits for the hanging disk. It can be the server's own maintenance, behind which other calls wait.
  var hasWaitingCall: Bool { locked { $0.waitingCalls > 0 } }
  /// Number of messages in each commit.
  var commits: [Int] { locked { $0.commits } }
  /// Number of changes in each commit.
  var recordings: [Int] { locked { $0.recordings } }
  /// Number of redactions.
  var redactions: Int { locked { $0.redactions } }
  var kept: [ReadMark] { locked { $0.kept } }
  /// The retention of each pruning.
  var retentions: [Retention] { locked { $0.retentions } }
  /// The wall-clock time of each pruning.
  var pruningTimes: [Timestamp] { locked { $0.pruningTimes } }
  /// Number of deferred tasks that it has done.
  var chores: Int { locked { $0.chores } }

  /// Sets the number of deferred tasks.
  func putOff(_ count: Int) { locked { $0.choresLeft = count } }

  /// The maximum number of messages that are indexed at once.
  var slice: Int {
    get { locked { $0.slice } }
    set { locked { $0.slice = newValue } }
  }

  /// Whether another program is always extending the index.
  var isIndexedElsewhere: Bool {
    get { locked { $0.isIndexedElsewhere } }
    set { locked { $0.isIndexedElsewhere = newValue } }
  }

  /// Number of messages that are not indexed.
  var unindexed: Int { locked { $0.unindexed } }
  /// Number of times that deferred work was urgent.
  var urgentCalls: Int { locked { $0.urgentCalls } }

  /// Whether searches continue until they are stopped.
  var isSearchingForEver: Bool {
    get { locked { $0.isSearchingForEver } }
    set { locked { $0.isSearchingForEver = newValue } }
  }
  /// The texts of all searches, in order.
  var searches: [String] { locked { $0.searches } }

  private func locked<Value>(_ body: (Disk) -> Value) -> Value {
    disk.condition.lock()
    defer {
      disk.condition.broadcast()
      disk.condition.unlock()
    }
    return body(disk)
  }

  /// Waits until the disk answers.
  /// - Returns: the disk's error; nil for none.
  private func wait() -> LogError? {
    let (failure, delay) = locked { disk in
      disk.waitingCalls += 1
      while disk.isHanging { disk.condition.wait() }
      disk.waitingCalls -= 1
      return (disk.failure, disk.delays?.number(0...2000))
    }
    if let delay { usleep(UInt32(delay)) }
    return failure
  }

  // MARK: MessageLog

  var epochs: EpochList { log.epochs }
  var secret: [UInt8] { log.secret }

  func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoreOutcome] {
    if let failure = wait() { throw failure }
    locked { disk in
      disk.commits.append(messages.count)
      disk.unindexed += messages.count
    }
    return try log.append(messages, at: time)
  }

  func keep(_ marks: [ReadMark]) throws(LogError) {
    _ = wait()
    locked { $0.kept += marks }
    try log.keep(marks)
  }

  func prune(_ retention: Retention, at now: Timestamp) throws(LogError) -> Bool {
    locked { disk in
      disk.retentions.append(retention)
      disk.pruningTimes.append(now)
    }
    _ = wait()
    return locked { $0.doChore() }
  }

  func catchUp(isUrgent: Bool) throws(LogError) -> DeferredWork {
    _ = wait()
    return locked { disk in
      if isUrgent { disk.urgentCalls += 1 }
      let hasMore = disk.doChore()
      guard !disk.isIndexedElsewhere else { return DeferredWork(hasMore: false, indexed: nil) }
      let indexed = min(disk.slice, disk.unindexed)
      disk.unindexed -= indexed
      return DeferredWork(hasMore: hasMore || disk.unindexed > 0, indexed: indexed)
    }
  }

  func page(_ request: PageRequest) throws(LogError) -> Page { try log.page(request) }
  func search(_ request: SearchRequest, until mustStop: @escaping @Sendable () -> Bool) throws(LogError) -> Page {
    locked { $0.searches.append(request.query.phrases.joined(separator: " ")) }
    while isSearchingForEver {
      if mustStop() { return Page(messages: [], hasMore: false, stoppedBefore: 7) }
      usleep(100)
    }
    return try log.search(request, until: mustStop)
  }
  func lastID() throws(LogError) -> Int { try log.lastID() }
  func lastTime() throws(LogError) -> Timestamp? { try log.lastTime() }
  func rooms() throws(LogError) -> [RoomState] { try log.rooms() }
  func state(of member: MemberID) throws(LogError) -> MemberState { try log.state(of: member) }

  func record(_ changes: [RegistryChange]) throws(LogError) {
    if let failure = wait() { throw failure }
    locked { $0.recordings.append(changes.count) }
    try log.record(changes)
  }

  func registry() throws(LogError) -> RegistryState { try log.registry() }
  func acts(limit: Int) throws(LogError) -> [Act] { try log.acts(limit: limit) }

  func redact(
    _ conversation: Conversation, sequence: Int, author: MemberID?, noting note: RedactionNote?
  ) throws(LogError) -> StoredMessage? {
    if let failure = wait() { throw failure }
    locked { $0.redactions += 1 }
    return try log.redact(conversation, sequence: sequence, author: author, noting: note)
  }
}
