import ChatHub
import ChatLog
import ChatProtocol

/// The log as the server sees it, with each step of a commit apart, so that the server can end between any two of
/// them. What is on the disk outlives the server.
struct SimulatedDisk {
  let log = MemoryLog(capacity: 100_000, conversationCapacity: 10_000)
  /// Everything that was ever stored, in order.
  private(set) var journal: [StoredMessage] = []
  /// Handed over, and not on the disk.
  private(set) var waiting: [NewMessage] = []
  /// On the disk, and the hub has not heard of it.
  private(set) var answers: [Result<StoreOutcome, HubCommand.StorageFailure>] = []
  private var reads: [(ReadID, ReadRequest)] = []
  private var readAnswers: [(ReadID, Result<ReadAnswer, HubCommand.StorageFailure>)] = []

  var isIdle: Bool { waiting.isEmpty && answers.isEmpty && reads.isEmpty && readAnswers.isEmpty }

  mutating func store(_ message: NewMessage) { waiting.append(message) }
  mutating func read(_ id: ReadID, _ request: ReadRequest) { reads.append((id, request)) }

  /// Some of what waits is committed together, or fails together.
  mutating func commit(_ count: Int, fails: Bool, at time: Timestamp) throws {
    let group = Array(waiting.prefix(count))
    waiting.removeFirst(group.count)
    guard !fails else {
      answers += group.map { _ in .failure(HubCommand.StorageFailure(isFull: true)) }
      return
    }
    for outcome in try log.append(group, at: time) {
      if case .stored(let message) = outcome { journal.append(message) }
      answers.append(.success(outcome))
    }
  }

  mutating func takeAnswers(_ count: Int) -> [Result<StoreOutcome, HubCommand.StorageFailure>] {
    defer { answers.removeFirst(min(count, answers.count)) }
    return Array(answers.prefix(count))
  }

  /// One of the reads that wait is made; not always the oldest.
  mutating func performRead(_ index: Int, fails: Bool) throws {
    guard !reads.isEmpty else { return }
    let (id, request) = reads.remove(at: index % reads.count)
    guard !fails else { return readAnswers.append((id, .failure(HubCommand.StorageFailure()))) }
    let answer: ReadAnswer =
      switch request {
      case .page(let page): .page(try log.page(page))
      case .search(let search): .page(try log.search(search))
      case .acts(let limit): .acts(try log.acts(limit: limit))
      case .state(let member): .state(try log.state(of: member))
      }
    readAnswers.append((id, .success(answer)))
  }

  mutating func takeReadAnswer(_ index: Int) -> (ReadID, Result<ReadAnswer, HubCommand.StorageFailure>)? {
    readAnswers.isEmpty ? nil : readAnswers.remove(at: index % readAnswers.count)
  }

  /// The server ended: what was not on the disk is lost, and nobody is told of what was.
  mutating func crash() {
    waiting = []
    answers = []
    reads = []
    readAnswers = []
  }
}
