import ChatHub
import ChatLog
import ChatProtocol
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// A chat server: it listens from `start` until `shutDown`. May be used from any thread.
public final class ChatServer: Sendable {
  /// What is really bound, as `host:port`, an IPv6 host in brackets.
  public let addresses: [String]
  /// The port of all addresses.
  public let port: Int
  /// Where it really tells how it is, as `host:port`; nil: nowhere.
  public var metricsAddress: String? { metrics?.address }

  private let group: MultiThreadedEventLoopGroup
  private let listeners: [any Channel]
  let driver: NIOLoopBound<HubDriver>
  private let ticking: RepeatedTask
  private let metrics: MetricsServer?
  private let logger: Logger
  /// The one shutdown that all who ask for it wait for.
  private let ending = Mutex<Task<Void, Never>?>(nil)

  /// How long the log may take to store the last messages, and those who are connected to read them.
  private static let shutdownPatience = TimeAmount.seconds(3)

  /// Opens the log and starts listening.
  /// - Throws: `LogError`, `ListenError`.
  public static func start(settings: ServerSettings, logger: Logger) async throws -> ChatServer {
    try await start(settings: settings, logger: logger) { () throws(LogError) in try settings.log.open() }
  }

  /// - Parameter open: called on a thread that may be blocked.
  static func start(
    settings: ServerSettings, logger: Logger, opening open: @escaping @Sendable () throws -> LogStorage
  ) async throws -> ChatServer {
    let storage = try await OpenLog(open)
    // One loop orders everything: with fan-out by shared buffers it is the kernel's copying that takes the time.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      return try await ChatServer(settings: settings, storage: storage, group: group, logger: logger)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private init(
    settings: ServerSettings, storage: OpenLog, group: MultiThreadedEventLoopGroup, logger: Logger
  ) async throws {
    let loop = group.next()
    var hubSettings = settings.hub
    let descriptors = FileDescriptorLimit.raise()
    hubSettings.maximumSessions = min(
      hubSettings.maximumSessions, FileDescriptorLimit.connections(within: descriptors))
    let finalSettings = hubSettings
    let (driver, ticking) = try await loop.submit {
      let log = LogService(
        storage: storage.storage, retention: settings.retention, eventLoop: loop, logger: logger)
      let hub = Hub(
        settings: finalSettings, epoch: storage.storage.log.epoch, secret: storage.storage.log.secret,
        rooms: storage.rooms, registry: storage.registry)
      let driver = HubDriver(eventLoop: loop, hub: hub, log: log, logger: logger)
      let bound = NIOLoopBound(driver, eventLoop: loop)
      let interval = Self.tickInterval(for: finalSettings)
      let ticking = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in bound.value.apply(.tick) }
      return (bound, ticking)
    }.get()
    let listeners: [any Channel]
    var metrics: MetricsServer?
    do {
      if let wanted = settings.metrics {
        metrics = try await MetricsServer.start(wanted) { loop.submit { driver.value.snapshot() } }
      }
      listeners = try await Listening(driver: driver, limits: settings.sendQueue, group: group)
        .listen(on: settings.addresses, port: settings.port)
    } catch {
      await metrics?.close()
      ticking.cancel()
      try? await loop.flatSubmit { driver.value.shutDown(patience: Self.shutdownPatience) }.get()
      throw error
    }
    self.group = group
    self.driver = driver
    self.ticking = ticking
    self.metrics = metrics
    self.listeners = listeners
    self.logger = logger
    addresses = listeners.compactMap(\.localAddress?.hostAndPort)
    port = listeners.first?.localAddress?.port ?? settings.port
    logger.info(
      "listening",
      metadata: ["server.addresses": "\(addresses.joined(separator: " "))", "log.place": "\(settings.log)"])
  }

  /// Stops accepting and reading, stores and sends what is under way, says good-bye to everybody, and closes; after a
  /// few seconds without waiting any longer. Returns when all is closed, however often it is called.
  public func shutDown() async {
    let task = ending.withLock { ending in
      let task = ending ?? Task { await end() }
      ending = task
      return task
    }
    await task.value
  }

  private func end() async {
    logger.info("shutting down")
    for listener in listeners { try? await listener.close() }
    await metrics?.close()
    ticking.cancel()
    let (loop, driver) = (group.next(), driver)
    let done = loop.flatSubmit { driver.value.shutDown(patience: Self.shutdownPatience) }
    try? await done.get()
    try? await group.shutdownGracefully()
  }

  /// A timeout is noticed at most an eighth too late, and never more than a second.
  private static func tickInterval(for settings: HubSettings) -> TimeAmount {
    let shortest = min(settings.idleTimeout ?? .seconds(8), settings.loginTimeout ?? .seconds(8))
    return .nanoseconds(min(max(shortest.nanoseconds / 8, 20_000_000), 1_000_000_000))
  }
}

extension ChatServer: Service {
  /// Serves until the surrounding `ServiceGroup` shuts down, or the task is cancelled.
  public func run() async throws {
    try? await gracefulShutdown()
    await shutDown()
  }
}
