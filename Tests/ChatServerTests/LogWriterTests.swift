import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import ChatServer

@Suite struct LogWriterTests {
  private static let author = Nickname("neha")

  /// The reports of the writer, in order.
  private final class Reports: Sendable {
    private let reports = Mutex<[LogWriter.Report]>([])

    func add(_ report: LogWriter.Report) { reports.withLock { $0.append(report) } }

    var all: [LogWriter.Report] { reports.withLock { $0 } }
    var isFinished: Bool { all.contains { if case .finished = $0 { true } else { false } } }
    var tidied: Int { all.count { if case .tidied = $0 { true } else { false } } }

    /// The stored texts, in order.
    var stored: [String] {
      all.flatMap { report -> [String] in
        guard case .stored(let group, .success(let outcomes)) = report else { return [] }
        #expect(group.messages.count == outcomes.count)
        return outcomes.map { if case .stored(let message) = $0 { message.text } else { "?" } }
      }
    }
  }

  private func withWriter(
    _ log: ControlledLog, _ body: @escaping @Sendable (LogWriter, Reports) throws -> Void
  ) async throws {
    let thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
    let reports = Reports()
    let writer = LogWriter(log: log, thread: thread) { reports.add($0) }
    do {
      try await onThread { try body(writer, reports) }
    } catch {
      log.isHanging = false
      try await thread.shutdownGracefully()
      throw error
    }
    try await thread.shutdownGracefully()
  }

  private static func messages(_ numbers: some Sequence<Int>, size: Int = 0) throws -> [NewMessage] {
    let author = try #require(author)
    return numbers.map {
      NewMessage(
        conversation: .lobby, author: author, member: MemberID(1), text: "\($0)" + String(repeating: "x", count: size))
    }
  }

  @Test func `messages that arrive during a commit share the next one`() async throws {
    let log = ControlledLog()
    log.isHanging = true
    try await withWriter(log) { writer, reports in
      for number in 0..<1000 { writer.store(try Self.messages([number])) }
      log.isHanging = false
      try eventually("all is stored") { reports.stored.count == 1000 }
      #expect(reports.stored == (0..<1000).map { "\($0)" })
      // The first message may have been committed alone before the log hung.
      #expect(log.commits.count <= 2, "\(log.commits)")
    }
  }

  @Test func `a commit is bounded in messages and bytes`() async throws {
    let log = ControlledLog()
    log.isHanging = true
    try await withWriter(log) { writer, reports in
      writer.store(try Self.messages(0..<10_000))
      writer.store(try Self.messages(10_000..<11_000, size: 4000))
      log.isHanging = false
      try eventually("all is stored") { reports.stored.count == 11_000 }
      #expect(log.commits.allSatisfy { $0 <= 4096 })
      // Four megabytes; a commit has at most one megabyte and one message.
      #expect(log.commits.suffix(4).allSatisfy { $0 < 300 }, "\(log.commits)")
    }
  }

  @Test func `no message is lost or reordered, whatever the thread or the commit time`() async throws {
    for seed in SeededGenerator.seeds(10) {
      var random = SeededGenerator(seed: seed)
      let log = ControlledLog(delays: random)
      let sizes = (0..<random.number(1...40)).map { _ in random.number(1...30) }
      try await withWriter(log) { writer, reports in
        var sent = 0
        for size in sizes {
          writer.store(try Self.messages(sent..<(sent + size)))
          sent += size
          if size % 3 == 0 { writer.tidy(.index) }
          if size % 7 == 0 { try eventually("all is stored") { reports.stored.count == sent } }
        }
        writer.finish()
        try eventually("it finishes") { reports.isFinished }
        #expect(reports.stored == (0..<sent).map { "\($0)" }, "SWIFTCHAT_SEED=\(seed)")
      }
    }
  }

  @Test func `each message of a failed commit is answered, and the next commit is tried`() async throws {
    let log = ControlledLog()
    log.isHanging = true
    log.failure = LogError(.full, "the disk is full")
    try await withWriter(log) { writer, reports in
      writer.store(try Self.messages(0..<10))
      log.isHanging = false
      try eventually("the failure is reported") { !reports.all.isEmpty }
      guard case .stored(let group, .failure(let error)) = reports.all.first else {
        Issue.record("\(reports.all)")
        return
      }
      #expect(error.cause == .full)
      var answers: [HubEvent] = []
      group.report(.failure(error)) { answers.append($0) }
      #expect(answers.count == 10)
      for answer in answers {
        guard case .stored(.failure(let failure)) = answer, failure.isFull else {
          Issue.record("\(answer)")
          continue
        }
      }
      log.failure = nil
      writer.store(try Self.messages([10]))
      try eventually("the next one is stored") { reports.stored == ["10"] }
    }
  }

  @Test func `deferred work is done in pieces, after every message that arrives meanwhile`() async throws {
    let log = ControlledLog()
    log.putOff(100)
    log.isHanging = true
    try await withWriter(log) { writer, reports in
      writer.tidy(.index)
      writer.tidy(.index)
      writer.store(try Self.messages([0]))
      log.isHanging = false
      try eventually("all is done") { reports.tidied == 100 }
      #expect(log.urgentCalls == 0)
      let place = reports.all.firstIndex { if case .stored = $0 { true } else { false } }
      #expect(place.map { $0 <= 1 } == true)
    }
  }

  @Test(arguments: [false, true])
  func `pruning under way goes on with a new retention`(isScheduled: Bool) async throws {
    let log = ControlledLog()
    log.putOff(3)
    log.isHanging = true
    let (old, new) = (Retention(count: 1), Retention(count: 100))
    try await withWriter(log) { writer, reports in
      writer.tidy(.prune(old, at: .now()))
      try eventually("it is under way") { log.hasWaitingCall }
      if isScheduled { writer.tidy(.prune(new, at: .now())) } else { writer.change(new) }
      log.isHanging = false
      try eventually("all is removed") { reports.tidied == 3 }
      #expect(log.retentions == [old, new, new])
    }
  }

  @Test func `under permanent load the index is updated in between`() async throws {
    let log = ControlledLog()
    log.putOff(.max)
    log.isHanging = true
    try await withWriter(log) { writer, reports in
      writer.store(try Self.messages(0..<60_000))
      log.isHanging = false
      try eventually("all is stored") { reports.stored.count == 60_000 }
      #expect((1...30).contains(reports.tidied), "\(reports.tidied)")
      #expect(log.urgentCalls == reports.tidied)
    }
  }

  @Test func `under permanent load in full commits the index does not fall behind further`() async throws {
    let log = ControlledLog()
    log.isHanging = true
    try await withWriter(log) { writer, reports in
      writer.store(try Self.messages(0..<100_000))
      log.isHanging = false
      try eventually("all is stored") { reports.stored.count == 100_000 }
      // The last commit.
      #expect(log.unindexed <= IndexBacklog.limit + 4096, "\(log.unindexed)")
    }
  }

  @Test func `an index that another program is extending is looked at again soon`() async throws {
    let log = ControlledLog()
    log.isIndexedElsewhere = true
    log.isHanging = true
    try await withWriter(log) { writer, reports in
      writer.store(try Self.messages(0..<40_000))
      log.isHanging = false
      try eventually("all is stored") { reports.stored.count == 40_000 }
      #expect(reports.tidied >= 4, "\(reports.tidied)")
    }
  }

  @Test func `under permanent load of long messages the index is updated more often`() async throws {
    let log = ControlledLog()
    log.slice = 250
    log.isHanging = true
    try await withWriter(log) { writer, reports in
      writer.store(try Self.messages(0..<21_000) + Self.messages(21_000..<22_000, size: 4000))
      log.isHanging = false
      try eventually("all is stored") { reports.stored.count == 22_000 }
      #expect(reports.tidied >= 4)
    }
  }

  /// Runs the body, which may block, with a writer of a shared log.
  private func withSharedWriter(
    _ body: @escaping @Sendable (LogWriter, SharedMemoryLog, Reports) throws -> Void
  ) async throws {
    let log = SharedMemoryStore().node()
    _ = try log.begin("host")
    let thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
    let reports = Reports()
    let writer = LogWriter(log: log, thread: thread) { reports.add($0) }
    let outcome = try await onThread { Result { try body(writer, log, reports) } }
    log.set(.none)
    try await thread.shutdownGracefully()
    try outcome.get()
  }

  private static func mark(_ sequence: Int, of reader: Int) -> WriteBatch {
    var batch = WriteBatch()
    let mark = ReadMark(member: MemberID(Int64(reader)), conversation: .lobby, sequence: sequence)
    batch.presence.add(mark, of: LoginID(UInt64(reader)))
    return batch
  }

  private static func departure(_ login: UInt64) -> Departure { Departure(LoginID(login), of: MemberID(1), .quit) }

  @Test func `marks that move while the database is away are merged, and their groups are bounded`() async throws {
    try await withSharedWriter { writer, log, _ in
      func stored() throws -> [[ReadMark]] {
        try log.entries(after: 0, waiting: .zero).map { item in
          item.entries.compactMap { entry -> ReadMark? in if case .mark(let mark, _) = entry { mark } else { nil } }
        }
      }
      log.set(.unreachable)
      let readers = LogWriter.mostPresence + 1000
      for sequence in 1...1000 { writer.carryOut(Self.mark(sequence, of: 0)) }
      for reader in 1..<readers { writer.carryOut(Self.mark(1, of: reader)) }
      log.set(.none)
      try eventually("the last mark of each is stored") {
        let marks = try stored().flatMap { $0 }
        return Set(marks.map(\.member)).count == readers && marks.contains { $0.sequence == 1000 }
      }
      let groups = try stored().map(\.count)
      #expect(groups.allSatisfy { $0 <= LogWriter.mostPresence }, "\(groups)")
      // The first mark may have been under way when the others came.
      #expect(groups.reduce(0, +) <= readers + 1, "\(groups)")
    }
  }

  @Test func `refused departures are stored when they are due again`() async throws {
    try await withSharedWriter { writer, log, reports in
      log.set(.full)
      for login in [1, 2] as [UInt64] {
        var batch = WriteBatch()
        batch.presence.add(Self.departure(login))
        writer.carryOut(batch)
        try eventually("it is refused") { reports.all.count == Int(login) }
      }
      log.set(.none)
      #expect(try log.entries(after: 0, waiting: .zero) == [])
      writer.retryDepartures()
      try eventually("they are stored") { try !log.entries(after: 0, waiting: .zero).isEmpty }
      let entries = [1, 2].map { FeedEntry.departure(Self.departure($0)) }
      #expect(try log.entries(after: 0, waiting: .zero).map(\.entries) == [entries])
    }
  }

  @Test func `a write that the log repeats is reported, and can be abandoned`() async throws {
    try await withSharedWriter { writer, log, reports in
      log.set(.leavesDoubt)
      writer.store(try Self.messages([0]))
      try eventually("the repetition is reported") {
        reports.all.contains { if case .repeating(let error) = $0 { error.cause == .full } else { false } }
      }
      writer.abandon()
      try eventually("the write ends") {
        reports.all.contains { if case .stored(_, .failure(let error)) = $0 { error.cause == .full } else { false } }
      }
    }
  }

  @Test func `at the end marks are stored and deferred work is skipped`() async throws {
    let log = ControlledLog()
    log.putOff(.max)
    log.isHanging = true
    try await withWriter(log) { writer, reports in
      writer.store(try Self.messages(0..<10))
      writer.tidy(.prune(Retention(count: 1), at: .now()))
      writer.keep([ReadMark(member: MemberID(1), conversation: .lobby, sequence: 3)])
      writer.finish()
      log.isHanging = false
      try eventually("it finishes") { reports.isFinished }
      #expect(reports.stored.count == 10)
      #expect(log.kept.count == 1)
      #expect(reports.tidied <= 1)
    }
  }
}
