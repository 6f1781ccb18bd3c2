import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords

/// The server's log, with the steps of a commit separated, so that the server can stop between any two of them. Data on
/// the disk outlives the server.
struct SimulatedDisk {
  private(set) var log = MemoryLog(capacity: 100_000, conversationCapacity: 10_000)
  /// All messages ever stored, in order, with their texts.
  private(set) var journal: [StoredMessage] = []
  private(set) var registry = SimulatedRegistry()
  /// The ids of redacted messages.
  private(set) var redacted: Set<Int> = []
  /// Rules that the log violated.
  private(set) var violations: [String] = []
  /// Messages that are not on the disk yet.
  private var waiting: [NewMessage] = []
  private var redactions: [PendingRedaction] = []
  /// Results that the hub has not received yet.
  private var answers: [HubEvent] = []
  private var reads: [(ReadID, ReadRequest)] = []
  private var readAnswers: [ReadAnswered] = []
  private var watch = RedactionWatch()

  private struct PendingRedaction {
    /// Nil if the hub does not wait for the answer.
    var id: RedactionID?
    var redaction: Redaction
    var author: MemberID?
  }

  private struct ReadAnswered {
    var id: ReadID
    var request: ReadRequest
    var began: Int
    var answer: Result<ReadAnswer, HubEvent.StorageFailure>
  }

  var isIdle: Bool {
    waiting.isEmpty && answers.isEmpty && reads.isEmpty && readAnswers.isEmpty && redactions.isEmpty && registry.isIdle
  }

  mutating func store(_ message: NewMessage) {
    waiting.append(message)
  }

  mutating func read(_ id: ReadID, _ request: ReadRequest) { reads.append((id, request)) }

  mutating func propose(_ entry: SharedChange) { registry.hand(entry) }

  mutating func redact(_ id: RedactionID?, _ redaction: Redaction, author: MemberID?) {
    redactions.append(PendingRedaction(id: id, redaction: redaction, author: author))
  }

  // MARK: The writer thread

  /// All waiting changes are committed together or not at all.
  mutating func record(fails: Bool) throws { answers += try registry.commit(fails: fails, to: log) }

  /// Some waiting messages are committed together, or fail together.
  mutating func commit(_ count: Int, fails: Bool, at time: Timestamp) throws {
    let group = Array(waiting.prefix(count))
    waiting.removeFirst(group.count)
    guard !fails else {
      for _ in group { report(.failure(HubEvent.StorageFailure(isFull: true))) }
      return
    }
    for outcome in try log.append(group, at: time) {
      if case .stored(let message) = outcome { journal.append(message) }
      report(.success(outcome))
    }
  }

  private mutating func report(_ outcome: Result<StoreOutcome, HubEvent.StorageFailure>) {
    LocalFeed.report(outcome) { answers.append($0) }
  }

  /// Performs the oldest redaction, after earlier messages are stored.
  mutating func performRedaction(fails: Bool) throws {
    guard !redactions.isEmpty else { return }
    let pending = redactions.removeFirst()
    var result: Result<StoredMessage?, HubEvent.StorageFailure> = .failure(HubEvent.StorageFailure())
    if !fails {
      let message = try log.redact(
        pending.redaction.conversation, sequence: pending.redaction.sequence, author: pending.author)
      if let message { redacted.insert(message.id) }
      result = .success(message)
    }
    if let id = pending.id { LocalFeed.report(id, pending.redaction, result) { answers.append($0) } }
    if pending.id == nil, case .success(let message?) = result { watch.note(message) }
  }

  mutating func takeAnswers(_ count: Int) -> [HubEvent] {
    defer { answers.removeFirst(min(count, answers.count)) }
    let taken = Array(answers.prefix(count))
    for case .redacted(_, .success(let message?)) in taken { watch.note(message) }
    return taken
  }

  // MARK: The reader threads

  /// Makes one of the waiting reads; not always the oldest.
  mutating func performRead(_ index: Int, fails: Bool) throws {
    guard !reads.isEmpty else { return }
    let (id, request) = reads.remove(at: index % reads.count)
    let began = watch.begin()
    guard !fails else {
      return readAnswers.append(
        ReadAnswered(id: id, request: request, began: began, answer: .failure(HubEvent.StorageFailure())))
    }
    let answer: ReadAnswer =
      switch request {
      case .page(let page): .page(try log.page(page))
      case .search(let search): .page(try log.search(search))
      case .acts(let limit): .acts(try log.acts(limit: limit))
      case .state(let member): .state(try log.state(of: member))
      }
    check(answer, since: redacted)
    readAnswers.append(ReadAnswered(id: id, request: request, began: began, answer: .success(answer)))
  }

  mutating func takeReadAnswer(_ index: Int) -> HubEvent? {
    guard !readAnswers.isEmpty else { return nil }
    let read = readAnswers.remove(at: index % readAnswers.count)
    let isSearch = if case .search = read.request { true } else { false }
    let page = if case .success(.page(let page)) = read.answer { page } else { Page?.none }
    guard let told = watch.end(read.began, page, isSearch: isSearch) else { return .read(read.id, read.answer) }
    // A read without a requester ends at once.
    check(.page(told), since: answeredRedactions)
    return .read(read.id, .success(.page(told)))
  }

  /// Redactions that the hub knows of, or never will.
  private var answeredRedactions: Set<Int> {
    var told = redacted
    for case .redacted(_, .success(let message?)) in answers { told.remove(message.id) }
    return told
  }

  private mutating func check(_ answer: ReadAnswer, since redacted: Set<Int>) {
    guard case .page(let page) = answer else { return }
    for message in page.messages
    where redacted.contains(message.id) && (message.kind != .redacted || message.text != "") {
      violations.append("\(message) was read, and had been redacted")
    }
  }

  // MARK: Server crash

  /// Unstored data is lost, and results are never reported.
  mutating func crash() {
    waiting = []
    redactions = []
    answers = []
    reads = []
    readAnswers = []
    watch = RedactionWatch()
    registry.crash()
  }

  /// A copy of the data on the disk.
  func copy() -> SimulatedDisk {
    var copy = self
    copy.crash()
    copy.log = log.copy()
    return copy
  }

  /// The registry that a starting server reads.
  mutating func load() throws -> RegistryState {
    if let violation = try registry.violation(in: log) { violations.append(violation) }
    return try log.registry()
  }
}
