import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// A chat server, listening from `start` until `shutDown`. May be used from any thread.
public final class ChatServer: Sendable {
  /// The bound addresses as `host:port`, an IPv6 host in brackets.
  public let addresses: [String]
  /// The port of all addresses.
  public let port: Int
  /// The server's address for clients.
  public let place: ServerPlace
  /// The bound address of the metrics as `host:port`; nil if they are disabled.
  public var metricsAddress: String? { metrics?.address }

  let group: MultiThreadedEventLoopGroup
  let driver: NIOLoopBound<HubDriver>
  let logger: Logger
  /// Opens the log, for another hub. May block.
  let open: @Sendable () throws -> LogStorage
  let nodeName: String
  /// The log, if several servers share it.
  let sharedLog: (any SharedLog)?
  /// The server's present certificate and key.
  let identity: Mutex<ServerIdentity?>
  /// The last reload: reloads run one after the other.
  let reloading = Mutex<Task<Void, Never>?>(nil)
  /// The beginning of the last hub after the first one.
  let beginning = Mutex<Task<Void, Never>?>(nil)
  /// All listeners for clients.
  private let listeners: [any Channel]
  /// Those of `ServerSettings.dialectListeners`, in their order.
  let dialectListeners: [any Channel]
  private let metrics: MetricsServer?
  private let control: ControlSocket?
  /// The shutdown, shared by all callers.
  private let ending = Mutex<Task<Void, Never>?>(nil)
  /// See `ServerSettings.shutdownPatience`.
  private let shutdownPatience: TimeAmount

  /// The server's pin; nil if TLS is off.
  public var pin: Pin? { identity.withLock { $0?.pin } }

  /// Opens the log and starts listening.
  /// - Throws: `LogError`, `IdentityError`, `ListenError`; see `isConfiguration(_:)`.
  public static func start(settings: ServerSettings, logger: Logger) async throws -> ChatServer {
    try await start(settings: settings, logger: logger) { () throws(LogError) in try settings.log.open() }
  }

  /// - Parameter open: called on a thread that may be blocked.
  static func start(
    settings: ServerSettings, logger: Logger, opening open: @escaping @Sendable () throws -> LogStorage
  ) async throws -> ChatServer {
    // The log comes first: opening it locks the directory against other servers.
    let storage = try await OpenLog(settings.nodeName, open)
    let sharedLog = storage.storage.log as? any SharedLog
    let identity: ServerIdentity?
    do {
      identity = try await Self.identity(settings.tls, in: sharedLog, logger: logger)
    } catch {
      await storage.leave()
      throw error
    }
    // One loop orders all events: with fan-out through shared buffers, most of the time is spent in the kernel's
    // copying.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      return try await ChatServer(
        settings: settings, identity: identity, storage: storage, opening: open, group: group, logger: logger)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private init(
    settings: ServerSettings, identity: ServerIdentity?, storage: OpenLog,
    opening open: @escaping @Sendable () throws -> LogStorage, group: MultiThreadedEventLoopGroup, logger: Logger
  ) async throws {
    let loop = group.next()
    let shutdownPatience = TimeAmount(settings.shutdownPatience)
    let driver: NIOLoopBound<HubDriver>
    do {
      driver = try await Self.makeDriver(settings, identity, storage, on: loop, logger: logger)
    } catch {
      await storage.leave()
      throw error
    }
    let listening = Listening(driver: driver, limits: settings.sendQueue, group: group, logger: logger)
    let opened: OpenedListeners
    do {
      opened = try await Self.listen(settings, with: listening)
    } catch {
      try? await Self.end(driver, patience: shutdownPatience)
      throw error
    }
    let port = opened.own.first?.localAddress?.port ?? settings.port
    let bound = opened.own.compactMap(\.localAddress?.hostAndPort)
    let all = bound + opened.dialects.compactMap(\.localAddress?.hostAndPort)
    let place = ServerPlace(settings, bound: bound, port: port)
    let placed = Self.hubSettings(settings, identity, at: place)
    try? await loop.submit { driver.value.apply(.change(placed)) }.get()
    let control = await listening.listen(inDirectory: settings.controlDirectory)
    self.group = group
    self.shutdownPatience = shutdownPatience
    self.open = open
    nodeName = settings.nodeName
    sharedLog = storage.storage.log as? any SharedLog
    self.driver = driver
    metrics = opened.metrics
    self.identity = Mutex(identity)
    self.control = control?.socket
    listeners = opened.own + opened.dialects + [control?.listener].compactMap { $0 }
    dialectListeners = opened.dialects
    self.logger = logger
    addresses = bound
    self.port = port
    self.place = place
    logger.info(
      "listening",
      metadata: [
        "server.addresses": "\(all.joined(separator: " "))", "log.place": "\(settings.log)",
        "server.pin": "\(identity?.pin.text ?? "none")",
      ])
    await followLog()
  }

  /// The driver of a hub that begins with the log's state.
  private static func makeDriver(
    _ settings: ServerSettings, _ identity: ServerIdentity?, _ storage: OpenLog, on loop: any EventLoop, logger: Logger
  ) async throws -> NIOLoopBound<HubDriver> {
    let hubSettings = Self.hubSettings(settings, identity)
    // First, so that no log service is left behind if this fails.
    let selfPipe = try await SelfPipe.open(on: loop).get()
    return try await loop.submit {
      let log = LogService(
        storage: storage.storage, retention: settings.retention, eventLoop: loop, logger: logger)
      let driver = HubDriver(
        eventLoop: loop, hub: storage.hub(hubSettings), settings: hubSettings, log: log, logger: logger)
      driver.tls = identity?.context
      driver.peerTrust = settings.peerTrust
      driver.selfPipe = selfPipe?.value
      driver.keepTime(for: hubSettings)
      return NIOLoopBound(driver, eventLoop: loop)
    }.get()
  }

  private struct OpenedListeners {
    /// For clients of the server's own dialect.
    var own: [any Channel] = []
    /// Those of `ServerSettings.dialectListeners`, in their order.
    var dialects: [any Channel] = []
    var metrics: MetricsServer?

    func close() async {
      for listener in own + dialects { try? await listener.close() }
      await metrics?.close()
    }
  }

  /// Starts the metrics, then listens for clients. If one listener fails, the others are closed again.
  /// - Throws: `ListenError`.
  private static func listen(_ settings: ServerSettings, with listening: Listening) async throws -> OpenedListeners {
    var opened = OpenedListeners()
    do {
      if let wanted = settings.metrics {
        let driver = listening.driver
        opened.metrics = try await MetricsServer.start(wanted, logger: listening.logger) {
          driver.eventLoop.submit { driver.value.snapshot() }
        }
      }
      opened.own = try await listening.listen(on: settings.addresses, port: settings.port)
      for other in settings.dialectListeners { opened.dialects += try await listening.listen(other) }
    } catch {
      await opened.close()
      throw error
    }
    return opened
  }

  /// Stops accepting and reading, stores and sends pending messages, sends the disconnect reason to all sessions, and
  /// closes; after a few seconds it stops waiting for them. Returns when everything is closed, and may be called
  /// repeatedly.
  public func shutDown() async {
    let task = ending.withLock { ending in
      let task = ending ?? Task { await end() }
      ending = task
      return task
    }
    await task.value
  }

  var isEnding: Bool { ending.withLock { $0 != nil } }

  private func end() async {
    logger.info("shutting down")
    await reloading.withLock { $0 }?.value
    await beginning.withLock { $0 }?.value
    control?.remove()
    for listener in listeners { try? await listener.close() }
    await metrics?.close()
    try? await Self.end(driver, patience: shutdownPatience)
    try? await group.shutdownGracefully()
  }

  private static func end(_ driver: NIOLoopBound<HubDriver>, patience: TimeAmount) async throws {
    try await driver.eventLoop.flatSubmit {
      driver.value.ticking?.cancel()
      return driver.value.shutDown(patience: patience)
    }.get()
  }
}

extension ChatServer: Service {
  /// Serves until the surrounding `ServiceGroup` shuts down, or the task is cancelled.
  public func run() async throws {
    try? await gracefulShutdown()
    await shutDown()
  }
}
