import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import NIOCore
import NIOPosix
import Platform
import Testing

@testable import ChatServer

/// The length of a client's share of an iteration is measured by the work that it causes, not only by its lines.
@Suite struct IterationTests {
  private static let text = String(repeating: "x", count: 4000)

  @Test func `a flood for many readers leaves other clients their share`() throws {
    let harness = ServerHarness()
    let readers = try (0..<60).map { try harness.logIn("reader\($0)") }
    let flooder = try harness.logIn("flooder")
    let third = try harness.logIn("third")
    _ = readers.map { $0.takePackets() }
    // 200 lines, which are 50 MB for all readers.
    try flooder.send((0..<200).map { "MSG \($0) \(Self.text)\n" }.joined())
    try third.send("PING\n")
    harness.endIteration()
    let heard = third.takeLines()
    #expect(heard.contains("PONG"))
    #expect((1..<100).contains(heard.count), "\(heard.count)")
    // All lines arrive in order.
    var all = readers[0].takeLines()
    for _ in 0..<200 {
      harness.advanceClock()
      all += readers[0].takeLines()
    }
    #expect(all.map { $0.prefix { $0 != "x" } } == (0..<200).map { "MSG flooder \($0) " })
    try harness.close()
  }

  @Test func `a list is not kept waiting by a client that asks for one after the other`() throws {
    let harness = ServerHarness(limits: SendQueueLimits(hard: 1 << 30))
    let members = try (0..<300).map { try harness.logIn("member\($0)") }
    try members[0].send(String(repeating: "WHO\n", count: 2000))
    try members[1].send("WHO\nPING\n")
    var answer: [String] = []
    for _ in 0..<3 {
      harness.advanceClock()
      answer += members[1].takeLines()
    }
    #expect(answer.count == 301 && answer.last == "PONG")
    #expect(members[0].takeLines().count < 2000 * 300)
    try harness.close()
  }

  @Test func `a line for very many readers lets the requests of others go first`() throws {
    let harness = ServerHarness()
    let readers = try (0..<2200).map { try harness.logIn("reader\($0)") }
    let third = try harness.logIn("third")
    _ = readers.map { $0.takePackets() }
    try readers[0].send("MSG hello\n")
    harness.endIteration()
    var waiting = readers.filter { $0.takeLines().isEmpty }
    #expect((2000..<2200).contains(waiting.count), "\(waiting.count)")
    try third.send("PING\n")
    harness.endIteration()
    #expect(third.takeLines() == ["MSG reader0 hello", "PONG"])
    // Before the sockets have been polled again, nobody else is served.
    #expect(waiting.allSatisfy { $0.takeLines().isEmpty })
    // With nothing else to do, each iteration serves twice as many.
    for _ in 0..<5 {
      harness.advanceClock()
      let served = waiting.map { $0.takeLines() }
      #expect(served.allSatisfy { $0.isEmpty || $0 == ["MSG reader0 hello"] })
      waiting = zip(waiting, served).filter { $1.isEmpty }.map(\.0)
    }
    #expect(waiting.isEmpty)
    try harness.close()
  }

  @Test func `messages wait while many readers still have to be sent the earlier ones`() throws {
    let harness = ServerHarness()
    let readers = try (0..<300).map { try harness.logIn("reader\($0)") }
    let third = try harness.logIn("third")
    _ = readers.map { $0.takePackets() }
    for flooder in readers.prefix(16) { try flooder.send((0..<20).map { "MSG \($0) \(Self.text)\n" }.joined()) }
    var received = [Int](repeating: 0, count: readers.count)
    var iterations = 0
    while received.contains(where: { $0 < 320 }), iterations < 2000 {
      try third.send("PING\n")
      harness.beginIteration()
      #expect(third.takeLines().contains("PONG"))
      let lines = readers.map { $0.takeLines().count }
      for (index, count) in lines.enumerated() { received[index] += count }
      // With more than 128 KiB, all 300 readers would be sent 33 lines at once.
      #expect(lines.reduce(0, +) < 4000)
      iterations += 1
    }
    #expect(received.allSatisfy { $0 == 320 }, "\(iterations)")
    try harness.close()
  }

  @Test func `long lists count as work too`() throws {
    let harness = ServerHarness()
    let readers = try (0..<600).map { try harness.logIn("\($0)" + String(repeating: "x", count: 29)) }
    let asker = try harness.logIn("asker")
    // 250 lists are 5.5 MB.
    try asker.send(String(repeating: "WHO\n", count: 250))
    harness.endIteration()
    let first = asker.takeLines().count
    #expect((601...60_100).contains(first), "\(first)")
    var count = first
    for _ in 0..<250 {
      harness.advanceClock()
      count += asker.takeLines().count
    }
    #expect(count == 250 * 601)
    withExtendedLifetime(readers) {}
    try harness.close()
  }

  @Test func `lists for everybody wait, and short requests of others do not`() throws {
    let harness = ServerHarness()
    let names = (0..<600).map { "\($0)" + String(repeating: "x", count: 29) }
    let readers = try names.enumerated().map { try harness.logIn($1, $0.isMultiple(of: 2) ? "CAP REQ tags\n" : "") }
    let third = try harness.logIn("third")
    // 12 MB in all.
    for reader in readers { try reader.send("WHO\nPING\n") }
    try third.send("PING\n")
    harness.endIteration()
    #expect(third.takeLines() == ["PONG"])
    var lines = readers.map { $0.takeLines() }
    let served = lines.count { !$0.isEmpty }
    #expect((1..<readers.count).contains(served), "\(served)")
    for _ in readers {
      harness.advanceClock()
      for index in readers.indices { lines[index] += readers[index].takeLines() }
    }
    let users = (names + ["third"]).map { "USER \($0)" }
    for (index, heard) in lines.enumerated() {
      let list = index.isMultiple(of: 2) ? ["BATCH +who who"] + users + ["BATCH -who"] : users
      try #require(heard == list + ["PONG"])
    }
    try harness.close()
  }

  @Test func `clients that leave at once do not delay the requests of others`() throws {
    let harness = ServerHarness()
    let clients = try (0..<2000).map { try harness.logIn("\($0)" + String(repeating: "x", count: 28)) }
    let third = try harness.logIn("third")
    // 2000 notices, each of 50 bytes to at most 2000 readers.
    for client in clients { client.disconnect() }
    try third.send("PING\n")
    harness.endIteration()
    var heard = third.takeLines()
    #expect(heard.contains("PONG"))
    #expect((1...1000).contains(heard.count), "\(heard.count)")
    for _ in clients {
      harness.advanceClock()
      heard += third.takeLines()
    }
    #expect(heard.count == 2001)
    try third.send("WHO\n")
    harness.endIteration()
    #expect(third.takeLines() == ["USER third"])
    try harness.close()
  }

  @Test func `many floods share a iteration, and each advances`() throws {
    let harness = ServerHarness()
    let readers = try (0..<60).map { try harness.logIn("reader\($0)") }
    let flooders = try (0..<20).map { try harness.logIn("flooder\($0)") }
    _ = readers.map { $0.takePackets() }
    for flooder in flooders { try flooder.send((0..<100).map { "MSG \($0) \(Self.text)\n" }.joined()) }
    harness.endIteration()
    let heard = readers[0].takeLines()
    // 16 MB are 50 lines for 80 readers. The last line may exceed this, and each flood gets one.
    #expect((20...80).contains(heard.count), "\(heard.count)")
    let authors = Set(heard.map { $0.split(separator: " ")[1] })
    #expect(authors.count == 20)
    try harness.close()
  }

  @Test func `strangers that leave at once are forgotten without any output`() throws {
    let harness = ServerHarness()
    let clients = try (0..<500).map { _ in try harness.connect() }
    for client in clients { client.endInput() }
    for _ in 0..<10 { harness.advanceClock() }
    #expect(harness.sessionCount == 0)
    try harness.close()
  }

  /// The hub's events, with the number of other loop tasks before each. Used on the loop.
  private final class Told {
    private(set) var texts: [String] = []
    private(set) var iterations: [Int] = []
    private var iteration = 0
    private var isOver = false

    func add(_ command: HubEvent) {
      guard case .stored(.success(.stored(let message))) = command else { return }
      texts.append(message.text)
      iterations.append(iteration)
    }

    func count(on loop: any EventLoop) {
      guard !isOver else { return }
      iteration += 1
      loop.assumeIsolated().scheduleTask(in: .microseconds(1)) { self.count(on: loop) }
    }

    func end() { isOver = true }
  }

  @Test func `expensive answers of the log are handled in several iterations`() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let author = try #require(Nickname("neha"))
    let storage = LogStorage.onDisk(ControlledLog())
    let (service, told) = try await loop.submit {
      let (service, told) = (
        LogService(storage: storage, retention: Retention(), eventLoop: loop, logger: .silent), Told()
      )
      service.answer = { told.add($0) }
      // Each answer takes a whole iteration.
      service.isIterationOver = { true }
      told.count(on: loop)
      return (NIOLoopBound(service, eventLoop: loop), NIOLoopBound(told, eventLoop: loop))
    }.get()
    try await loop.submit {
      for number in 0..<50 {
        service.value.store(
          NewMessage(conversation: .lobby, author: author, member: MemberID(1), text: "\(number)")
        ) { _ in }
      }
      service.value.endIteration()
    }.get()
    try await loop.flatSubmit { service.value.idle() }.get()
    let (texts, iterations) = try await loop.submit {
      told.value.end()
      return (told.value.texts, told.value.iterations)
    }.get()
    #expect(texts == (0..<50).map { "\($0)" })
    // Other tasks of the loop run between two answers.
    #expect(Set(iterations).count == 50)
    try await loop.flatSubmit { service.value.close() }.get()
    try await loop.submit { service.value.abandon() }.get()
    try await group.shutdownGracefully()
  }

  @Test(arguments: [(64, 20), (96, 50), (256, 200), (1024, 918), (65_536, 58_977)])
  func `with few file descriptors most are for clients`(limit: Int, connections: Int) {
    #expect(FileDescriptorLimit.connections(within: limit) == connections)
    let others = FileDescriptorLimit.refusals(within: limit) + FileDescriptorLimit.metricsConnections(within: limit)
    #expect(connections + others + 40 <= limit)
  }
}
