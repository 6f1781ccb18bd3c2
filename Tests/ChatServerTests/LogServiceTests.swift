import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import ChatServer

/// Answers of a log on disk to the hub, and the operator's log.
@Suite struct LogServiceTests {
  /// Answers as text, in order.
  private final class HubAnswers: Sendable {
    private let words = Mutex<[String]>([])
    var all: [String] { words.withLock { $0 } }
    func add(_ word: String) { words.withLock { $0.append(word) } }
  }

  /// Runs the body with a service, which is closed afterwards.
  private func withService(
    _ log: any MessageLog, _ lines: LogLines = LogLines(), isInMemory: Bool = false,
    _ body:
      @escaping @Sendable (_ onLoop: (@escaping @Sendable (LogService) -> Void) throws -> Void, HubAnswers) throws ->
      Void
  ) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let answers = HubAnswers()
    let state = try (log as? any SharedLog)?.begin("host")
    let storage = LogStorage(log: log, isInMemory: isInMemory, sharedState: state)
    let service = try await loop.submit {
      let service = LogService(
        storage: storage, retention: Retention(), eventLoop: loop, logger: lines.logger(.notice))
      service.answer = { answers.add(Self.word(for: $0)) }
      return NIOLoopBound(service, eventLoop: loop)
    }.get()
    let outcome = try await onThread {
      Result {
        try body({ action in try loop.submit { action(service.value) }.wait() }, answers)
      }
    }
    try await loop.flatSubmit { service.value.idle() }.get()
    try await loop.flatSubmit { service.value.close() }.get()
    try await loop.submit { service.value.abandon() }.get()
    try await group.shutdownGracefully()
    try outcome.get()
  }

  private static func word(for command: HubEvent) -> String {
    switch command {
    case .stored(.success(.stored(let message))): "stored \(message.text)"
    case .stored: "not stored"
    case .entry(.change(let entry)): "settled \(entry.proposal.number)"
    case .entry(.message(let message)): "published \(message.text)"
    case .entry(.redaction(let redaction)): "redacted \(redaction.sequence)"
    case .rejected(let id, .failure(let failure)): "not settled \(id.number)\(failure.isFull ? ", full" : "")"
    case .redacted(let id, .success(let message)): "redaction \(id.number) \(message?.text ?? "-")"
    case .redacted(let id, .failure(let failure)): "no redaction \(id.number)\(failure.isFull ? ", full" : "")"
    case .read(_, .success(.page(let page))): "read \(page.messages.map(\.text).joined(separator: "|"))"
    case .read(_, .success(.acts(let acts))): "acts \(acts.map(\.text).joined(separator: "|"))"
    default: "?"
    }
  }

  private static func message(_ text: String) -> NewMessage? {
    Nickname("neha").map { NewMessage(conversation: .lobby, author: $0, member: MemberID(1), text: text) }
  }

  private static func act(_ text: String) -> RegistryChange? {
    Nickname("root").map {
      .act(Act(time: Timestamp(milliseconds: 1), by: $0, verb: .kick, subject: "@p", text: text))
    }
  }

  private static func redaction(_ number: Int) -> RedactionRequest {
    RedactionRequest(
      id: RedactionID(UInt64(number)), conversation: .lobby, sequence: number, author: nil,
      note: RedactionNote(
        time: Timestamp(milliseconds: 1), by: Nickname(testing: "neha"), member: MemberID(1), subject: "", reason: ""))
  }

  private static let page = ReadRequest.page(
    PageRequest(conversation: .lobby, range: .latest, head: .max, limit: 10, maximumBytes: .max))

  @Test(arguments: [false, true])
  func `proposals and redactions are answered in order`(isInMemory: Bool) async throws {
    let log: any MessageLog = isInMemory ? MemoryLog() : ControlledLog()
    try await withService(log, isInMemory: isInMemory) { onLoop, answers in
      let messages = try ["a", "b"].map { try #require(Self.message($0)) }
      _ = try log.append(messages, at: .now())
      let change = try #require(Self.act("x"))
      try onLoop { service in
        // A log in memory answers at once.
        service.propose(SharedChange(ProposalID(7), changes: [change]), .nothing) { answers.add(Self.word(for: $0)) }
        for number in 1...3 { service.redact(Self.redaction(number)) }
        service.endIteration()
      }
      try eventually("all is answered") {
        answers.all == ["settled 7", "redaction 1 a", "redacted 1", "redaction 2 b", "redacted 2", "redaction 3 -"]
      }
      try onLoop { service in
        service.read(ReadID(1), Self.page, for: nil)
        service.read(ReadID(2), .acts(limit: 9), for: nil)
      }
      try eventually("all is read") { Set(answers.all.suffix(2)) == ["read |", "acts x"] }
    }
  }

  @Test func `a message is published before its redaction, however many wait`() async throws {
    let log = ControlledLog()
    log.isHanging = true
    try await withService(log) { onLoop, answers in
      let messages = try (1...3).map { try #require(Self.message("\($0)")) }
      try onLoop { service in
        for message in messages { service.store(message) { _ in } }
        service.endIteration()
      }
      try eventually("the log waits for the disk") { log.hasWaitingCall }
      try onLoop { service in
        for number in 1...3 { service.redact(Self.redaction(number)) }
        service.endIteration()
      }
      log.isHanging = false
      try eventually("all is answered") { answers.all.count == 12 }
      #expect(
        answers.all == (1...3).flatMap { ["stored \($0)", "published \($0)"] }
          + (1...3).flatMap { ["redaction \($0) \($0)", "redacted \($0)"] })
    }
  }

  @Test func `failures of recording and redacting are logged, and so is their end`() async throws {
    let (log, lines) = (ControlledLog(), LogLines())
    log.failure = LogError(.full, "the disk is full")
    try await withService(log, lines) { onLoop, answers in
      let change = try #require(Self.act("x"))
      try onLoop { service in
        service.propose(SharedChange(ProposalID(1), changes: [change]), .nothing) { _ in }
        service.redact(Self.redaction(1))
        service.endIteration()
      }
      try eventually("it is told") {
        lines.all.count == 2 && answers.all == ["not settled 1, full", "no redaction 1, full"]
      }
      log.failure = nil
      try onLoop { service in
        service.propose(SharedChange(ProposalID(2), changes: [change]), .nothing) { _ in }
        service.redact(Self.redaction(1))
        service.endIteration()
      }
      try eventually("it is told") { lines.all.count == 4 }
    }
    #expect(
      Set(lines.all) == [
        "error recording accounts, rules and acts fails the disk is full",
        "notice recording accounts, rules and acts works again",
        "error erasing messages fails the disk is full", "notice erasing messages works again",
      ])
  }

  @Test func `a changed retention applies to pruning that waits`() async throws {
    let log = ControlledLog()
    log.isHanging = true
    try await withService(log) { onLoop, _ in
      try onLoop { $0.tick(at: .now()) }
      try eventually("maintenance waits for the disk") { log.hasWaitingCall }
      try onLoop { $0.retention = Retention(count: 5) }
      log.isHanging = false
      try eventually("it prunes") { !log.retentions.isEmpty }
      #expect(log.retentions == [Retention(count: 5)])
    }
  }

  @Test func `a lease that is not renewed is logged once, although the feed is read`() async throws {
    let (store, lines) = (SharedMemoryStore(), LogLines())
    let (log, other) = (store.node(), store.node())
    _ = try other.begin("other")
    try await withService(log, lines) { onLoop, answers in
      log.set(.losesLease)
      try onLoop { $0.start() }
      for round in 1...5 {
        let time = MonotonicTime(nanoseconds: Int64(round) * 1_000_000_000)
        try eventually("the lease is not renewed") {
          try onLoop { $0.feed?.renewLease(at: time) }
          return log.refusals == round
        }
        _ = try other.append([try #require(Self.message("\(round)"))], at: .now())
        try eventually("the feed is read") { answers.all.count == round }
      }
    }
    #expect(lines.all == ["error renewing this server's lease fails the database refuses"])
  }

  @Test func `trouble that nothing waits for is forgotten, because only a message would show that it is over`()
    async throws
  {
    let log = ControlledLog()
    log.failure = LogError(.full, "the disk is full")
    try await withService(log) { onLoop, answers in
      let message = try #require(Self.message("1"))
      try onLoop { service in
        service.store(message) { _ in }
        service.endIteration()
      }
      try eventually("the failure is answered") { !answers.all.isEmpty }
      let (soon, later) = (MonotonicTime.now(), MonotonicTime.now() + .seconds(31))
      let troubles = HubAnswers()
      try onLoop { service in
        for time in [soon, later] { troubles.add(service.trouble(at: time) ?? "none") }
      }
      #expect(troubles.all == ["the disk is full", "none"])
      log.isHanging = true
      try onLoop { service in
        service.store(message) { _ in }
        service.endIteration()
        troubles.add(service.trouble(at: later) ?? "none")
      }
      log.isHanging = false
      #expect(troubles.all.last == "the disk is full")
    }
  }

  @Test(arguments: [false, true])
  func `the trouble of a repeated write ends with it, although no message is stored`(isRedaction: Bool) async throws {
    let (log, lines, troubles) = (SharedMemoryStore().node(), LogLines(), HubAnswers())
    try await withService(log, lines) { onLoop, _ in
      let change = try #require(Self.act("x"))
      log.set(.unreachable)
      try onLoop { service in
        if isRedaction {
          service.redact(Self.redaction(1))
        } else {
          service.propose(SharedChange(ProposalID(1), changes: [change]), .nothing) { _ in }
        }
        service.endIteration()
      }
      try eventually("the trouble is logged") { !lines.all.isEmpty }
      log.set(.none)
      try eventually("the trouble is over") {
        try onLoop { service in
          service.feed?.renewLease(at: .now())
          troubles.add(service.trouble ?? "none")
        }
        return troubles.all.last == "none"
      }
    }
    #expect(
      lines.all == ["error storing messages fails the database is away", "notice storing messages works again"])
  }

  @Test func `the trouble of a write that is no longer repeated is forgotten, however the write has ended`() {
    var reports = LogReports(logger: LogLines().logger(.notice), storage: "database")
    let error = LogError(.unreachable, "the database is away")
    let start = MonotonicTime.now()
    for second in [0, 20, 40] { reports.repeatWrite(error, at: start + .seconds(second)) }
    #expect(reports.trouble(at: start + .seconds(69), isWaiting: false) == error)
    let later = start + .seconds(71)
    #expect(reports.trouble(at: later, isWaiting: false) == nil)
    #expect(reports.trouble(at: later, isWaiting: true) == error)
    reports.endRepetition(at: later)
    #expect(reports.trouble(at: later, isWaiting: true) == nil)
  }

  @Test(arguments: [false, true])
  func `all proposals are answered before the log is closed`(fails: Bool) async throws {
    let log = ControlledLog()
    if fails { log.failure = LogError(.full, "the disk is full") }
    let told = HubAnswers()
    try await withService(log) { onLoop, answers in
      let changes = try (0..<5).map { try #require(Self.act("\($0)")) }
      try onLoop { service in
        let answer = service.answer
        service.answer = { command in
          told.add(Self.word(for: command))
          answer(command)
        }
        for (number, change) in changes.enumerated() {
          service.propose(SharedChange(ProposalID(UInt64(number)), changes: [change]), .nothing) { _ in }
        }
        service.endIteration()
      }
    }
    #expect(try log.acts(limit: 9).count == (fails ? 0 : 5))
    #expect(told.all == (0..<5).map { fails ? "not settled \($0), full" : "settled \($0)" })
  }
}
