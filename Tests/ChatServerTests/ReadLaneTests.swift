import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ChatServer

/// Scheduling of concurrent reads of the log.
@Suite struct ReadLaneTests {
  @Test func `owners of queued reads take turns`() {
    var queue = FairQueue<String, Int>()
    for number in 1...4 { queue.append(number, of: "flood") }
    queue.append(10, of: "a")
    queue.append(20, of: "b")
    queue.append(11, of: "a")
    let removed = queue.remove(of: "flood") { $0 == 3 }
    #expect(removed == 3)
    var served: [Int] = []
    while let next = queue.popFirst() { served.append(next) }
    #expect(served == [1, 10, 20, 2, 11, 4])
    #expect(queue.isEmpty)
    queue.append(5, of: "a")
    let last = queue.remove(of: "a") { $0 == 5 }
    #expect(last == 5)
    #expect(queue.isEmpty)
  }

  /// Answers in order.
  private final class ReadAnswers: Sendable {
    private let ids = Mutex<[UInt64]>([])
    private let stops = Mutex<[Int?]>([])
    var all: [UInt64] { ids.withLock { $0 } }
    var allStops: [Int?] { stops.withLock { $0 } }

    func add(_ command: HubEvent) {
      guard case .read(let id, let answer) = command else { return }
      ids.withLock { $0.append(id.number) }
      if case .success(.page(let page)) = answer { stops.withLock { $0.append(page.stoppedBefore) } }
    }
  }

  private func withService(
    _ log: ControlledLog, budget: Duration,
    _ body:
      @escaping @Sendable (_ onLoop: (@escaping @Sendable (LogService) -> Void) throws -> Void, ReadAnswers) throws ->
      Void
  ) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let answers = ReadAnswers()
    let storage = LogStorage(log: log, isInMemory: false, searchBudget: budget)
    let service = try await loop.submit {
      let service = LogService(storage: storage, retention: Retention(), eventLoop: loop, logger: .silent)
      service.answer = { answers.add($0) }
      return NIOLoopBound(service, eventLoop: loop)
    }.get()
    let outcome = try await onThread {
      Result { try body({ action in try loop.submit { action(service.value) }.wait() }, answers) }
    }
    log.isSearchingForEver = false
    try await loop.flatSubmit { service.value.idle() }.get()
    try await loop.flatSubmit { service.value.close() }.get()
    try await loop.submit { service.value.abandon() }.get()
    try await group.shutdownGracefully()
    try outcome.get()
  }

  private static func search(_ word: String) throws -> ReadRequest {
    .search(SearchRequest(conversations: [.lobby], query: try #require(SearchQuery(word)), limit: 10))
  }

  private static let page = ReadRequest.page(
    PageRequest(conversation: .lobby, range: .latest, head: .max, limit: 10, maximumBytes: .max))

  @Test func `pages and logins do not wait for endless searches`() async throws {
    let log = ControlledLog()
    log.isSearchingForEver = true
    try await withService(log, budget: .seconds(3600)) { onLoop, answers in
      let search = try Self.search("x")
      try onLoop { service in
        for number in 1...20 { service.read(ReadID(UInt64(number)), search, for: MemberID(Int64(number))) }
        service.read(ReadID(100), Self.page, for: MemberID(1))
        service.read(ReadID(101), .state(of: MemberID(1)), for: MemberID(1))
      }
      try eventually("they are answered") { Set(answers.all) == [100, 101] }
      #expect(log.searches.count <= LogThreads.searchers)
    }
  }

  @Test func `a search that takes too long is answered, and the next one starts`() async throws {
    let log = ControlledLog()
    log.isSearchingForEver = true
    try await withService(log, budget: .milliseconds(5)) { onLoop, answers in
      let search = try Self.search("x")
      try onLoop { service in
        for number in 1...10 { service.read(ReadID(UInt64(number)), search, for: MemberID(1)) }
      }
      try eventually("all are answered") { answers.all.count == 10 }
      #expect(answers.allStops.allSatisfy { $0 == 7 })
    }
  }

  @Test func `many searches of one user do not delay another user's`() async throws {
    let log = ControlledLog()
    log.isSearchingForEver = true
    try await withService(log, budget: .milliseconds(5)) { onLoop, answers in
      let (flood, other) = (try Self.search("flood"), try Self.search("other"))
      try onLoop { service in
        for number in 1...60 { service.read(ReadID(UInt64(number)), flood, for: MemberID(1)) }
        service.read(ReadID(100), other, for: MemberID(2))
      }
      try eventually("all are answered") { answers.all.count == 61 }
      // At most the searches that are running when it arrives, and one more.
      #expect((log.searches.firstIndex(of: "other") ?? .max) <= LogThreads.searchers + 1, "\(log.searches)")
    }
  }

  @Test func `an abandoned read is stopped or not started`() async throws {
    let log = ControlledLog()
    log.isSearchingForEver = true
    try await withService(log, budget: .seconds(3600)) { onLoop, answers in
      let (gone, other) = (try Self.search("gone"), try Self.search("other"))
      try onLoop { service in
        for number in 1...20 { service.read(ReadID(UInt64(number)), gone, for: MemberID(1)) }
        service.read(ReadID(100), other, for: MemberID(2))
      }
      try eventually("it is searched") { log.searches.count == LogThreads.searchers }
      try onLoop { service in
        for number in 1...20 { service.cancelRead(ReadID(UInt64(number)), for: MemberID(1)) }
      }
      try eventually("the other one has its turn") { log.searches.contains("other") }
      #expect(log.searches.count { $0 == "gone" } <= LogThreads.searchers)
      log.isSearchingForEver = false
      try eventually("the other one is answered") { answers.all.contains(100) }
      #expect(answers.all.count <= LogThreads.searchers + 1)
    }
  }
}
