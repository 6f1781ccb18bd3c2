import ChatModel
import ChatProtocol
import DequeModule
import NIOCore
import NIOPosix

/// Carries out the session's actions. Belongs to its event loop and is used only there.
final class ClientDriver {
  /// This project's server sends shorter lines; other servers list all users in one line.
  private static let limits = LineLimits(line: 65_536, tags: 8191)

  /// Time limit for reading to catch up with the input that arrived during a pause.
  private static let readingGrace = Duration.seconds(1)

  private let loop: any EventLoop
  private let onEvents: @Sendable ([ClientEvent]) -> Void
  private let maximumUnhandledBytes: Int?
  private var unhandled = UnhandledEvents()
  private var isReadingPaused = false
  private var pacing = ReadPacing()
  /// End of the catch-up time: until then, input may still be unread although reading has resumed.
  private var unreadUntil: MonotonicTime?
  private var session: ClientSession
  private var decoder = LineDecoder(limits: ClientDriver.limits, allowsTags: false)
  private var channel: (any Channel)?
  /// The attempts at the addresses of the server, until one is connected.
  private var attempts: ConnectionAttempts?
  /// Number of the present connection. Input from earlier connections is dropped.
  private var generation: UInt64 = 0
  /// Inputs in order; the first is being handled.
  private var inputs: Deque<(ClientSession.Input, connection: UInt64?)> = []
  private var timer: (task: Scheduled<Void>, at: MonotonicTime)?
  /// Events of this turn of the loop.
  private var events: [ClientEvent] = []
  private var hasEnded = false
  private var waiters: [() -> Void] = []

  init(
    name: Nickname, identity: Identity?, interests: ClientInterests, loop: any EventLoop, maximumUnhandledBytes: Int?,
    onEvents: @escaping @Sendable ([ClientEvent]) -> Void
  ) {
    self.maximumUnhandledBytes = maximumUnhandledBytes
    self.loop = loop
    self.onEvents = onEvents
    session = ClientSession(
      name: name, seed: UInt64.random(in: .min ... .max), identity: identity, interests: interests)
  }

  /// - Parameter connection: the connection that the input came from; nil if the input concerns none. Input from an
  ///   earlier connection is dropped.
  func handle(_ input: ClientSession.Input, on connection: UInt64? = nil) {
    // An action may cause another input at once, as a failed write closes the connection. That input waits until the
    // remaining actions are done.
    inputs.append((input, connection))
    guard inputs.count == 1 else { return }
    while let (input, connection) = inputs.first {
      defer { inputs.removeFirst() }
      guard connection == nil || connection == generation else { continue }
      if case .closed = input { abandon() }
      let moment = Moment.present
      for action in session.handle(input, at: moment.now, wall: moment.wall) { perform(action) }
    }
    schedule()
  }

  /// - Parameter done: called when the session has ended and its last events have been delivered.
  func end(_ done: @escaping () -> Void) {
    guard !hasEnded else { return done() }
    waiters.append(done)
    handle(.command(.quit))
  }

  private func perform(_ action: ClientSession.Action) {
    switch action {
    case .open(let plan, let security): open(plan, security)
    case .transmit(let message, let tags):
      guard let channel else { return }
      var buffer = channel.allocator.buffer(capacity: 256)
      message.write(into: &buffer, tags: tags)
      // One packet per line: some servers read only one line from each packet.
      channel.writeAndFlush(buffer, promise: nil)
    case .close: abandon()
    case .agreed(let capabilities): decoder.allowsTags = capabilities.contains(.tags)
    case .tell(let event):
      events.append(event)
      if events.count == 1 { onLoop { $0.deliver() } }
    case .ended:
      hasEnded = true
      onLoop { driver in
        driver.deliver()
        let waiters = driver.waiters
        driver.waiters = []
        for waiter in waiters { waiter() }
      }
    }
  }

  private func deliver() {
    guard !events.isEmpty else { return }
    let batch = events
    events = []
    if maximumUnhandledBytes != nil { unhandled.delivered(batch.count) }
    onEvents(batch)
    settleReading()
  }

  // MARK: Back-pressure

  func handled(_ count: Int) {
    unhandled.handled(count)
    settleReading()
  }

  /// Pauses reading above the limit of unhandled bytes and resumes below half of it.
  private func settleReading() {
    guard let maximumUnhandledBytes else { return }
    let isPaused = unhandled.bytes > (isReadingPaused ? maximumUnhandledBytes / 2 : maximumUnhandledBytes)
    guard isPaused != isReadingPaused else { return }
    isReadingPaused = isPaused
    if !isPaused { unreadUntil = Moment.present.now + Self.readingGrace }
    setReading()
  }

  private func setReading() {
    guard let channel else { return }
    let isReading = !isReadingPaused && !pacing.isResting
    channel.setOption(.autoRead, value: isReading).whenFailure { _ in channel.close(promise: nil) }
  }

  /// The socket has no more bytes at present.
  fileprivate func completedRead(of bytes: Int, generation: UInt64) {
    guard generation == self.generation, pacing.completedRead(of: bytes, at: Moment.present.now) else { return }
    setReading()
    let bound = NIOLoopBound(self, eventLoop: loop)
    loop.scheduleTask(in: ReadPacing.rest) {
      bound.value.pacing.isResting = false
      bound.value.setReading()
    }
  }

  private var isUnread: Bool { isReadingPaused || unreadUntil.map { Moment.present.now < $0 } ?? false }

  /// Runs `body` after all sockets that are ready in this turn have been read.
  private func onLoop(_ body: @escaping (ClientDriver) -> Void) {
    let bound = NIOLoopBound((self, body), eventLoop: loop)
    loop.execute { bound.value.1(bound.value.0) }
  }

  // MARK: Timer

  private func schedule() {
    guard var deadline = session.nextDeadline else {
      timer?.task.cancel()
      timer = nil
      return
    }
    // While input is unread, an expired deadline stays in the past.
    if isUnread { deadline = max(deadline, Moment.present.now + Self.readingGrace / 4) }
    // An early timer does no harm; a new timer for each line would cost more.
    if let timer, timer.at <= deadline { return }
    timer?.task.cancel()
    let bound = NIOLoopBound(self, eventLoop: loop)
    let task = loop.scheduleTask(deadline: NIODeadline(deadline)) {
      bound.value.timer = nil
      bound.value.handle(bound.value.isUnread ? .timerBeforeReading : .timer)
    }
    timer = (task, deadline)
  }

  // MARK: Connection

  /// Closes the present connection; all further input from it is ignored.
  private func abandon() {
    generation += 1
    channel?.close(promise: nil)
    channel = nil
    attempts?.cancel()
    attempts = nil
  }

  private func open(_ plan: ConnectionPlan, _ security: ClientSession.Security) {
    abandon()
    decoder = LineDecoder(limits: Self.limits, allowsTags: false)
    let generation = generation
    let bound = NIOLoopBound(self, eventLoop: loop)
    let attempts = ConnectionAttempts(plan, security, on: loop)
    self.attempts = attempts
    attempts.result.whenComplete { result in bound.value.connected(result, generation: generation) }
    attempts.start()
  }

  private func connected(_ result: Result<ConnectionAttempts.Connected, any Error>, generation: UInt64) {
    if generation == self.generation { attempts = nil }
    switch result {
    case .success(let connected) where generation != self.generation:
      connected.channel.close(promise: nil)
    case .failure where generation != self.generation: break
    case .success(let connected):
      let channel = connected.channel
      do {
        // Added at once: bytes decrypted right after the handshake are read in this turn.
        try channel.pipeline.syncOperations.addHandler(ClientReader(driver: self, generation: generation))
        guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
      } catch {
        return handle(.failed(ConnectionFailure(error, at: connected.arrival.record)))
      }
      self.channel = channel
      handle(.opened(connected.pin, connected.arrival))
      setReading()
    case .failure(let error):
      guard let failed = error as? ConnectionAttempts.Failed else { return }
      handle(.failed(failed.last, earlier: failed.earlier))
    }
  }

  fileprivate func received(_ bytes: ByteBuffer, generation: UInt64) {
    guard generation == self.generation else { return }
    unhandled.received(bytes.readableBytes)
    decoder.append(bytes)
    // A line may end the connection or change how the next line is decoded.
    while generation == self.generation, let line = decoder.next() { handle(.received(line)) }
    // The bytes caused no event that a receiver has to handle.
    if events.isEmpty { unhandled.forgetReceived() }
  }

  fileprivate func closed(reason: String?, generation: UInt64) {
    handle(.closed(reason: reason), on: generation)
  }
}

@available(*, unavailable)
extension ClientDriver: Sendable {}

/// End of the pipeline: passes bytes and the end of the connection to the driver.
private final class ClientReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let driver: ClientDriver
  private let generation: UInt64
  private var reason: String?
  /// Since the last completed read.
  private var bytes = 0

  init(driver: ClientDriver, generation: UInt64) {
    self.driver = driver
    self.generation = generation
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let received = unwrapInboundIn(data)
    bytes += received.readableBytes
    driver.received(received, generation: generation)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    driver.completedRead(of: bytes, generation: generation)
    bytes = 0
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    reason = reason ?? ConnectionFailure.words(for: error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    driver.closed(reason: reason, generation: generation)
  }
}

@available(*, unavailable)
extension ClientReader: Sendable {}
