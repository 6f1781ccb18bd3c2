import ChatProtocol
import CommandSupport
import NIOCore
import NIOPosix
import NIOSSL
import Platform

/// A client that fills the lobby, and clients that read its history. Isolated to one event loop.
final class HistoryCrowd {
  /// The results of a measurement.
  struct Outcome: Sendable {
    /// The time that each reader needed for all messages.
    var catchUps: Histogram
    /// Before and after.
    var catchUp: (CrowdReading, CrowdReading)
    /// The time that each page at a random place took.
    var pages: Histogram
    /// Before and after.
    var paging: (CrowdReading, CrowdReading)
  }

  private let eventLoop: any EventLoop
  private let address: SocketAddress
  private let encryption: NIOSSLContext?
  /// The time for the answer to a request.
  private let patience: TimeAmount
  private var clients: [HistoryClient] = []
  /// The time that each page at a random place took.
  private var pages = Histogram()
  private var isOver = false

  private static let loginsAtOnce = 64
  /// The largest page that a server sends.
  private static let largestPage = 500
  private static let randomPage = 100
  /// Written before the answer is awaited.
  private static let group = 1000

  private init(
    eventLoop: any EventLoop, address: SocketAddress, encryption: NIOSSLContext?, patience: TimeAmount
  ) {
    self.eventLoop = eventLoop
    self.address = address
    self.encryption = encryption
    self.patience = patience
  }

  /// - Throws: `Failure`, also if a page is incomplete.
  static func measure(
    _ server: MeasuredServer, messages: Int, readers: Int, pagesFor duration: TimeAmount
  ) throws -> Outcome {
    let needed = readers + 50
    guard FileDescriptorLimit.raise() >= needed else {
      throw Failure("\(readers) readers need \(needed) open files; raise the limit with 'ulimit -n \(needed)'")
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { try? group.syncShutdownGracefully() }
    let loop = group.next()
    guard let address = server.addresses.first else { throw Failure("there is no server") }
    let (encryption, patience) = (try server.encryption, server.patience)
    let crowd = try loop.submit {
      let crowd = HistoryCrowd(eventLoop: loop, address: address, encryption: encryption, patience: patience)
      crowd.watch()
      return NIOLoopBound(crowd, eventLoop: loop)
    }.wait()
    defer { try? loop.submit { crowd.value.leave() }.wait() }
    func run<Result: Sendable>(
      _ work: @escaping @Sendable (HistoryCrowd) -> EventLoopFuture<Result>
    ) throws -> Result { try loop.flatSubmit { work(crowd.value) }.wait() }

    let head = try run { $0.logIn(0) }
    let written = (head + 1)...(head + messages)
    try run { $0.write(messages, from: 0) }
    for first in stride(from: 1, through: readers, by: loginsAtOnce) {
      let some = first...min(first + loginsAtOnce - 1, readers)
      try run { crowd in
        EventLoopFuture.andAllSucceed(some.map { crowd.logIn($0).map { _ in } }, on: loop)
      }
    }
    func reading() throws -> CrowdReading {
      let read = try loop.submit { crowd.value.clients.reduce(0) { $0 + $1.read } }.wait()
      return CrowdReading(
        time: .now(), sent: messages, delivered: read, server: server.usage, crowd: .ofThisProcess)
    }

    let first = try reading()
    let catchUps = try run { crowd in
      EventLoopFuture.whenAllSucceed(
        crowd.clients.dropFirst().map { crowd.catchUp($0, on: written) }, on: loop)
    }
    let second = try reading()
    try run { crowd in
      let end = MonotonicTime.now() + .nanoseconds(duration.nanoseconds)
      return EventLoopFuture.andAllSucceed(
        crowd.clients.dropFirst().map { crowd.readPages($0, of: written, until: end) }, on: loop)
    }
    let third = try reading()
    let pages = try loop.submit { crowd.value.pages }.wait()
    return Outcome(
      catchUps: Histogram(catchUps), catchUp: (first, second), pages: pages, paging: (second, third))
  }

  // MARK: Phases

  /// Connects one more client.
  /// - Returns: the number of the last message in the lobby.
  private func logIn(_ index: Int) -> EventLoopFuture<Int> {
    let answer = eventLoop.makePromise(of: Int.self)
    let name = "h\(index)"
    answer.fail(after: patience, "the server did not answer \(name)")
    let client = HistoryClient(name: name, loggedIn: answer)
    clients.append(client)
    ClientBootstrap.crowd(on: eventLoop, encryption, NIOLoopBound(client, eventLoop: eventLoop))
      .channelOption(ChannelOptions.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 256 * 1024))
      .connect(to: address)
      .whenFailure { answer.fail(Failure(connecting: $0)) }
    return answer.futureResult
  }

  /// Writes messages in groups, each when the previous one is stored.
  private func write(_ count: Int, from first: Int) -> EventLoopFuture<Void> {
    guard first < count else { return eventLoop.makeSucceededVoidFuture() }
    let group = first..<min(first + Self.group, count)
    return clients[0].write(group).assumeIsolated().flatMap { self.write(count, from: group.upperBound) }.nonisolated()
  }

  /// Reads all messages with these numbers.
  /// - Returns: the time that it took, in nanoseconds.
  private func catchUp(_ client: HistoryClient, on numbers: ClosedRange<Int>) -> EventLoopFuture<Int64> {
    let start = MonotonicTime.now()
    func next(_ first: Int) -> EventLoopFuture<Int64> {
      guard first <= numbers.upperBound else {
        return eventLoop.makeSucceededFuture((MonotonicTime.now() - start).nanoseconds)
      }
      let page = first...min(first + Self.largestPage - 1, numbers.upperBound)
      return client.request(page, "AFTER \(first - 1) \(page.count)", written: numbers.lowerBound)
        .assumeIsolated().flatMap { next(page.upperBound + 1) }.nonisolated()
    }
    return next(numbers.lowerBound)
  }

  /// Reads pages at random places until the deadline, at least one.
  private func readPages(
    _ client: HistoryClient, of numbers: ClosedRange<Int>, until deadline: MonotonicTime
  ) -> EventLoopFuture<Void> {
    // A promise instead of a chain of futures, whose memory would grow with the time.
    let done = eventLoop.makePromise(of: Void.self)
    func next() {
      let start = MonotonicTime.now()
      let last = Int.random(in: (numbers.lowerBound + Self.randomPage - 1)...numbers.upperBound)
      let page = (last - Self.randomPage + 1)...last
      client.request(page, "BEFORE \(last + 1) \(page.count)", written: numbers.lowerBound)
        .assumeIsolated().whenComplete { result in
          switch result {
          case .success:
            let now = MonotonicTime.now()
            self.pages.add((now - start).nanoseconds)
            if now < deadline { next() } else { done.succeed() }
          case .failure(let error): done.fail(error)
          }
        }
    }
    next()
    return done.futureResult
  }

  /// Fails clients that wait for too long. Called from time to time, so that a page needs no timer of its own.
  private func watch() {
    eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(patience.nanoseconds / 10)) {
      guard !self.isOver else { return }
      let earliest = MonotonicTime.now() + .nanoseconds(-self.patience.nanoseconds)
      for client in self.clients { client.checkAnswered(since: earliest) }
      self.watch()
    }
  }

  private func leave() {
    isOver = true
    for client in clients { client.close() }
  }
}

@available(*, unavailable)
extension HistoryCrowd: Sendable {}
