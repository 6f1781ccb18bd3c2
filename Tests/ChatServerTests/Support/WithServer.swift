import ChatHub
import ChatLog
import Logging
import TestSupport

@testable import ChatServer

extension ServerSettings {
  /// On loopback only, on any free port. Unless the test sets another time, changes may take as long as on a loaded
  /// machine.
  static func local(
    hub: HubSettings = HubSettings(idleTimeout: nil, loginTimeout: nil), sendQueue: SendQueueLimits = SendQueueLimits()
  ) -> ServerSettings {
    var hub = hub
    if hub.limits.storagePatience == HubLimits().storagePatience { hub.limits.storagePatience = Patience.limit }
    return ServerSettings(addresses: [.host("127.0.0.1")], port: 0, hub: hub, sendQueue: sendQueue)
  }

  /// As `local`, with a shutdown that waits until everything is stored.
  static func patient() -> ServerSettings {
    var settings = ServerSettings.local()
    settings.shutdownPatience = Patience.limit
    return settings
  }
}

extension Logger {
  static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension LogStorage {
  /// Uses the log on its own thread, like a log on disk.
  static func onDisk(_ log: any MessageLog, backlog: StoreBacklog.Limit = StoreBacklog.Limit()) -> LogStorage {
    LogStorage(log: log, isInMemory: false, backlog: backlog)
  }
}

extension ChatServer {
  /// - Parameter storage: nil for the one in the settings.
  static func start(
    _ settings: ServerSettings, _ storage: LogStorage? = nil, logger: Logger = .silent
  ) async throws -> ChatServer {
    guard let storage else { return try await start(settings: settings, logger: logger) }
    return try await start(settings: settings, logger: logger) { storage }
  }
}

/// Runs the body, which may block, with a server that lives as long as the body.
func withServer<Result: Sendable>(
  _ settings: ServerSettings = .local(), _ storage: LogStorage? = nil, logger: Logger = .silent,
  _ body: @escaping @Sendable (ChatServer) throws -> Result
) async throws -> Result {
  let server = try await ChatServer.start(settings, storage, logger: logger)
  do {
    let result = try await onThread { try body(server) }
    await server.shutDown()
    return result
  } catch {
    await server.shutDown()
    throw error
  }
}

extension SocketClient {
  /// Connected and logged in.
  static func join(_ server: ChatServer, _ name: String, receiveBuffer: Int32? = nil) throws -> SocketClient {
    let client = try SocketClient(port: server.port, receiveBuffer: receiveBuffer)
    try client.send("LOGIN \(name)")
    guard try client.line() == "OK" else { throw Failure(description: "\(name) cannot log in") }
    return client
  }
}
