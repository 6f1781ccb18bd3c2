import ChatProtocol
import ChatRecords
import DequeModule
import Synchronization

/// A log in memory that ends with the process. Keeps the last messages of the most recently used conversations.
public final class MemoryLog: MessageLog {
  public var epochs: EpochList { runs.withLock { $0 } }
  public let secret: [UInt8]
  private let runs: Mutex<EpochList>
  private let contents: Mutex<MemoryContents>
  private let people: Mutex<MemoryRegistry>

  /// - Parameters:
  ///   - capacity: number of messages kept per conversation.
  ///   - conversationCapacity: minimum number of conversations kept; the maximum is twice as many. After a conversation
  ///     was dropped, a new one starts after all sequence numbers of the dropped one instead of at 1.
  public init(
    capacity: Int = 1000, conversationCapacity: Int = 1000, epoch: Epoch? = nil, secret: [UInt8]? = nil
  ) {
    runs = Mutex(EpochList(epoch ?? .random()))
    self.secret = secret ?? .randomSecret()
    people = Mutex(MemoryRegistry())
    contents = Mutex(MemoryContents(capacity: capacity, conversationCapacity: conversationCapacity))
  }

  private init(_ log: MemoryLog) {
    secret = log.secret
    runs = Mutex(log.epochs)
    contents = Mutex(log.contents.withLock { $0 })
    people = Mutex(log.people.withLock { $0 })
  }

  /// Another log with the same contents.
  public func copy() -> MemoryLog { MemoryLog(self) }

  /// Begins another epoch, as a disk log does when a server opens it.
  public func beginEpoch() {
    runs.withLock { epochs in epochs = epochs.followed(by: .random()) }
  }

  public func append(_ messages: [NewMessage], at time: Timestamp) throws(LogError) -> [StoreOutcome] {
    let epoch = epochs.number
    return contents.withLock { contents in messages.map { contents.append($0, at: time, epoch: epoch) } }
  }

  public func keep(_ marks: [ReadMark]) throws(LogError) {
    contents.withLock { contents in for mark in marks { contents.keep(mark) } }
  }

  /// The log's size is bounded anyway.
  public func prune(_ retention: Retention, at now: Timestamp) throws(LogError) -> Bool {
    contents.withLock { $0.prune(retention, at: now) }
    return false
  }

  /// There is no index.
  public func catchUp(isUrgent: Bool) throws(LogError) -> DeferredWork { DeferredWork(hasMore: false, indexed: 0) }

  public func page(_ request: PageRequest) throws(LogError) -> Page { contents.withLock { $0.page(request) } }

  public func search(
    _ request: SearchRequest, until mustStop: @escaping @Sendable () -> Bool
  ) throws(LogError) -> Page {
    // Searches a copy, which shares unchanged data: writers do not wait for a search.
    let contents = contents.withLock { $0 }
    return contents.search(request, until: mustStop)
  }

  public func lastID() throws(LogError) -> Int { contents.withLock { $0.lastID } }

  public func lastTime() throws(LogError) -> Timestamp? { contents.withLock { $0.lastTime } }

  public func rooms() throws(LogError) -> [RoomState] { contents.withLock { $0.rooms() } }

  public func state(of member: MemberID) throws(LogError) -> MemberState { contents.withLock { $0.state(of: member) } }

  public func record(_ changes: [RegistryChange]) throws(LogError) {
    people.withLock { people in for change in changes { people.apply(change) } }
    for case .deletion(let room) in changes { contents.withLock { $0.empty(room) } }
  }

  public func registry() throws(LogError) -> RegistryState { people.withLock { $0.state } }

  public func acts(limit: Int) throws(LogError) -> [Act] { people.withLock { $0.acts.newest(limit) } }

  public func redact(
    _ conversation: Conversation, sequence: Int, author: MemberID?, noting note: RedactionNote?
  ) throws(LogError) -> StoredMessage? {
    let message = contents.withLock { $0.redact(conversation, sequence: sequence, author: author) }
    if let message, let act = note?.act(for: message) { people.withLock { $0.apply(.act(act)) } }
    return message
  }
}

extension Epoch {
  /// A random epoch for a new log.
  static func random() -> Epoch {
    guard let epoch = Epoch(String(UInt64.random(in: .min ... .max), radix: 36)) else {
      preconditionFailure("a number is a word")
    }
    return epoch
  }
}

extension [UInt8] {
  /// Bytes from the system's cryptographic random generator.
  static func randomSecret() -> [UInt8] { (0..<32).map { _ in UInt8.random(in: .min ... .max) } }
}
