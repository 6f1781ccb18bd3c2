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

  private let group: MultiThreadedEventLoopGroup
  private let listeners: [any Channel]
  private let driver: NIOLoopBound<HubDriver>
  private let ticking: RepeatedTask
  private let logger: Logger
  /// The one shutdown that all who ask for it wait for.
  private let ending = Mutex<Task<Void, Never>?>(nil)

  /// How long those who are connected may take to read their last lines.
  private static let shutdownPatience = TimeAmount.seconds(3)

  /// Starts listening.
  /// - Throws: `ListenError`.
  public static func start(settings: ServerSettings, logger: Logger) async throws -> ChatServer {
    // One loop orders everything: with fan-out by shared buffers it is the kernel's copying that takes the time.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      return try await ChatServer(settings: settings, group: group, logger: logger)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private init(settings: ServerSettings, group: MultiThreadedEventLoopGroup, logger: Logger) async throws {
    let loop = group.next()
    var hubSettings = settings.hub
    let descriptors = FileDescriptorLimit.raise()
    hubSettings.maximumSessions = min(
      hubSettings.maximumSessions, FileDescriptorLimit.connections(within: descriptors))
    let finalSettings = hubSettings
    let (driver, ticking) = try await loop.submit {
      // Nobody can ask for what was said yet: the log gives each message its place, and keeps no more than that.
      let log = MemoryLog(capacity: 1)
      let driver = HubDriver(eventLoop: loop, settings: finalSettings, log: log, logger: logger)
      let bound = NIOLoopBound(driver, eventLoop: loop)
      let interval = Self.tickInterval(for: finalSettings)
      let ticking = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in bound.value.apply(.tick) }
      return (bound, ticking)
    }.get()
    let listeners = try await Listening(driver: driver, limits: settings.sendQueue, group: group)
      .listen(on: settings.addresses, port: settings.port)
    self.group = group
    self.driver = driver
    self.ticking = ticking
    self.listeners = listeners
    self.logger = logger
    addresses = listeners.compactMap(\.localAddress?.hostAndPort)
    port = listeners.first?.localAddress?.port ?? settings.port
    logger.info("listening", metadata: ["server.addresses": "\(addresses.joined(separator: " "))"])
  }

  /// Stops accepting, says good-bye to everybody, sends what is under way, and closes; after a few seconds without
  /// waiting any longer. Returns when all is closed, however often it is called.
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
    ticking.cancel()
    let (loop, driver) = (group.next(), driver)
    let done = loop.flatSubmit {
      let patience = loop.scheduleTask(in: Self.shutdownPatience) { driver.value.abortAll() }
      return driver.value.shutDown().always { _ in patience.cancel() }
    }
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
